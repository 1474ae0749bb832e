"""Addresses of the design system; the site includes them at the root. Names are `ui.<view>`."""

from django.urls import path

from onecity.ui import views

urlpatterns = [
    path("elder", views.set_elder_mode, name="ui.elder"),
    path("language", views.set_language, name="ui.language"),
    path("components", views.components, name="ui.components"),
    path("components/form", views.component_form, name="ui.components.form"),
    path("components/portal", views.component_portal, name="ui.components.portal"),
    path("components/desk", views.component_desk, name="ui.components.desk"),
    path("components/brain", views.component_brain, name="ui.components.brain"),
]
