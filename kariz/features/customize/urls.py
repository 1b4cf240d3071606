from django.urls import path

from kariz.features.customize.views import (
    choices,
    company,
    completeness,
    fields,
    layout,
    picklists,
    stages,
    teams,
    users,
)

app_name = "customize"

TYPE = "settings/types/<slug:type_name>"

urlpatterns = [
    path(f"{TYPE}/fields/", layout.fields, name="fields"),
    path(f"{TYPE}/fields/arrange/", layout.arrange, name="arrange"),
    path(f"{TYPE}/fields/new/", fields.add, name="field_add"),
    path(f"{TYPE}/fields/formula/", fields.try_formula, name="formula"),
    path(f"{TYPE}/fields/<slug:name>/", fields.change, name="field"),
    path(f"{TYPE}/fields/<slug:name>/hide/", fields.hide, name="field_hide"),
    path(f"{TYPE}/fields/<slug:name>/restore/", fields.restore, name="field_restore"),
    path(f"{TYPE}/fields/<slug:name>/count/", layout.count, name="field_count"),
    path(f"{TYPE}/completeness/", completeness.completeness, name="completeness"),
    path(f"{TYPE}/stages/", stages.stages, name="stages"),
    path(f"{TYPE}/pipelines/new/", stages.add_pipeline, name="pipeline_add"),
    path(f"{TYPE}/pipelines/<int:pk>/", stages.change_pipeline, name="pipeline"),
    path(f"{TYPE}/picklists/", picklists.first, name="picklists"),
    path(f"{TYPE}/picklists/<slug:name>/", picklists.picklist, name="picklist"),
    path(f"{TYPE}/picklists/<slug:name>/order/", picklists.order, name="order"),
    path(f"{TYPE}/picklists/<slug:name>/new/", choices.add, name="choice_add"),
    path(f"{TYPE}/picklists/<slug:name>/<int:pk>/", choices.change, name="choice"),
    path(f"{TYPE}/picklists/<slug:name>/<int:pk>/hide/", choices.hide, name="choice_hide"),
    path(f"{TYPE}/picklists/<slug:name>/<int:pk>/remove/", choices.remove, name="choice_remove"),
    path(f"{TYPE}/picklists/<slug:name>/<int:pk>/restore/", choices.restore, name="choice_restore"),
    path("settings/users/", users.users, name="users"),
    path("settings/users/new/", users.add, name="user_add"),
    path("settings/users/<int:pk>/", users.change, name="user"),
    path("settings/users/<int:pk>/password/", users.new_password, name="user_password"),
    path("settings/users/<int:pk>/deactivate/", users.deactivate, name="user_deactivate"),
    path("settings/users/<int:pk>/activate/", users.activate, name="user_activate"),
    path("settings/teams/", teams.teams, name="teams"),
    path("settings/teams/new/", teams.add, name="team_add"),
    path("settings/teams/<int:pk>/", teams.change, name="team"),
    path("settings/teams/<int:pk>/remove/", teams.remove, name="team_remove"),
    path("settings/company/", company.company, name="company"),
]
