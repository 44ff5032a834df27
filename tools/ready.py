"""Importing this sets Django up, for modules that are run by themselves. To be imported first."""

import django

django.setup()
