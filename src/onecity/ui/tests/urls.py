"""Addresses for the design system's own tests: nothing of any hub."""

from django.urls import include, path

urlpatterns = [path("", include("onecity.ui.urls"))]
