"""Addresses of the screens. `<rt:record_type>` is a registered record type; views get the type itself."""

from django.urls import path, register_converter

from kariz.core import registry
from kariz.core.registry import RecordType
from kariz.web.views import (
    board,
    bulk,
    cells,
    columns,
    confirm,
    factors,
    forgotten,
    forms,
    home,
    joining,
    lists,
    lookups,
    notices,
    preferences,
    previews,
    records,
    saved_views,
    search,
    security,
    sign_in,
    single_sign_on,
    tabs,
    undo,
)

app_name = "web"


class RecordTypeConverter:
    regex = "[a-z_]+"

    def to_python(self, value: str) -> RecordType:
        try:
            return registry.get(value)
        except KeyError:
            raise ValueError(value) from None

    def to_url(self, value: RecordType | str) -> str:
        return value if isinstance(value, str) else value.name


register_converter(RecordTypeConverter, "rt")

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-in/passkey/", sign_in.passkey, name="passkey"),
    path("sign-in/passkey/options/", confirm.passkey_options, name="passkey_options"),
    path("sign-in/second-step/", sign_in.second_step, name="second_step"),
    path("sign-in/sso/", single_sign_on.leave, name="sso"),
    path("sign-in/sso/back/", single_sign_on.back, name="sso_back"),
    path("sign-in/forgotten/", forgotten.forgotten, name="forgotten"),
    path("sign-in/forgotten/<uidb64>/<token>/", forgotten.NewPassword.as_view(), name="new_password"),
    path("sign-in/join/<str:secret>/", joining.join, name="join"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign_out"),
    path("language/", sign_in.language, name="language"),
    path("search/", search.search, name="search"),
    path("me/preferences/", preferences.preferences, name="preferences"),
    path("me/security/", security.security, name="security"),
    path("me/security/confirm/", confirm.confirm, name="confirm"),
    path("me/security/password/", security.password, name="password"),
    path("me/security/email/", security.email, name="email"),
    path("me/security/email/<str:token>/", security.email_check, name="email_check"),
    path("me/security/sessions/end/", security.end_sessions, name="sessions_end"),
    path("me/security/app/", factors.code_app, name="code_app"),
    path("me/security/app/remove/", factors.remove_app, name="code_app_remove"),
    path("me/security/passkeys/new/", factors.add_passkey, name="passkey_add"),
    path("me/security/passkeys/options/", factors.new_passkey, name="passkey_new"),
    path("me/security/passkeys/<int:pk>/remove/", factors.remove_passkey, name="passkey_remove"),
    path("me/security/recovery-codes/", factors.recovery_codes, name="recovery_codes"),
    path("me/theme/", preferences.theme, name="theme"),
    path("me/notices/", notices.notices, name="notices"),
    path("me/notices/read/", notices.read, name="notices_read"),
    path("days/", cells.days, name="days"),
    path("settings/", preferences.settings, name="settings"),
    path("preview/<int:pk>/", previews.start, name="preview"),
    path("preview/stop/", previews.stop, name="preview_stop"),
    path("batches/<int:pk>/", undo.batch, name="batch"),
    path("batches/<int:pk>/undo/", undo.undo, name="undo"),
    path("batches/<int:pk>/undoing/", undo.progress, name="undoing"),
    path("<rt:record_type>/", lists.record_list, name="list"),
    path("<rt:record_type>/count/", lists.count, name="count"),
    path("<rt:record_type>/board/", board.board, name="board"),
    path("<rt:record_type>/board/column/", board.column, name="board_column"),
    path("<rt:record_type>/filter/", lists.condition, name="condition"),
    path("<rt:record_type>/columns/", columns.columns, name="columns"),
    path("<rt:record_type>/views/", saved_views.save, name="view_save"),
    path("<rt:record_type>/views/<int:pk>/", saved_views.change, name="view_change"),
    path("<rt:record_type>/bulk/", bulk.bulk, name="bulk"),
    path("<rt:record_type>/lookup/", lookups.lookup, name="lookup"),
    path("<rt:record_type>/new/", forms.new, name="new"),
    path("<rt:record_type>/quick/", forms.quick, name="quick"),
    path("<rt:record_type>/<int:pk>/", records.record_page, name="record"),
    path("<rt:record_type>/<int:pk>/panel/", records.panel, name="panel"),
    path("<rt:record_type>/<int:pk>/edit/", forms.edit, name="edit"),
    path("<rt:record_type>/<int:pk>/delete/", records.delete, name="delete"),
    path("<rt:record_type>/<int:pk>/pin/", records.pin, name="pin"),
    path("<rt:record_type>/<int:pk>/stage/", board.move, name="move"),
    path("<rt:record_type>/<int:pk>/run/<slug:name>/", records.run, name="run"),
    path("<rt:record_type>/<int:pk>/tabs/<slug:name>/", tabs.tab, name="tab"),
    path("<rt:record_type>/<int:pk>/cells/<slug:name>/", cells.cell, name="cell"),
]
