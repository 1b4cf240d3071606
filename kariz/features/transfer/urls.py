from django.urls import path

from kariz.features.transfer import views

app_name = "transfer"

urlpatterns = [
    path("import/", views.upload, name="upload"),
    path("import/<int:pk>/", views.report, name="report"),
    path("import/<int:pk>/columns/<int:file_pk>/", views.columns, name="columns"),
    path("import/<int:pk>/columns/<int:file_pk>/reading/", views.reread, name="reread"),
    path("import/<int:pk>/values/", views.values, name="values"),
    path("import/<int:pk>/known/", views.matches, name="matches"),
    path("import/<int:pk>/check/", views.check, name="check"),
    path("import/<int:pk>/stop/", views.stop, name="stop"),
    path("import/<int:pk>/plan/", views.save_plan, name="save_plan"),
    path("import/<int:pk>/failures/<int:file_pk>.csv", views.failures, name="failures"),
]
