"""The three faces put together: home, navigation, composition. Calls hubs by their front doors; packs are strangers to it."""
