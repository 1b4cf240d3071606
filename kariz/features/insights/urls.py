from django.urls import path

from kariz.features.insights import views

app_name = "insights"

urlpatterns = [path("results/", views.results, name="results")]
