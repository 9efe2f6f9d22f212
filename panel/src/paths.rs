//! Addresses of pages, so that links, redirects and routes cannot differ.

use std::fmt::Display;

/// The main window (PT-016).
pub const HOME: &str = "/";
/// Authorisation.
pub const SIGN_IN: &str = "/sign-in";
/// The code of the second factor.
pub const CODE: &str = "/sign-in/code";
/// The question before signing out, and the act.
pub const SIGN_OUT: &str = "/sign-out";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// Change of one's own password.
pub const OWN_PASSWORD: &str = "/account/password";
/// One's own second factor.
pub const SECOND_FACTOR: &str = "/account/second-factor";
/// Sign-out of all other browsers.
pub const OTHER_SESSIONS: &str = "/account/sessions/others/end";
/// Choice of the language.
pub const LANGUAGE: &str = "/language";
/// Choice of light or dark.
pub const THEME: &str = "/theme";
/// «Руководство».
pub const GUIDE: &str = "/guide";
/// «Настройка системы».
pub const SETTINGS: &str = "/settings";
/// «Проверить соединение».
pub const SETTINGS_CONNECTION: &str = "/settings/connection";
/// Change of the main login.
pub const SETTINGS_LOGIN: &str = "/settings/login";
/// «Безопасность входа».
pub const SETTINGS_SECURITY: &str = "/settings/security";
/// «Сегодня»: who needs the reader today.
pub const TODAY: &str = "/today";
/// «Пользователи».
pub const CITIZENS: &str = "/citizens";
/// «Добавить пользователя».
pub const NEW_CITIZEN: &str = "/citizens/new";
/// Ticks of the list of citizens, and what is done with them.
pub const SELECTION: &str = "/citizens/selection";
/// «Перевод пользователей».
pub const TRANSFER: &str = "/citizens/transfer";
/// Deleted citizens.
pub const DELETED_CITIZENS: &str = "/citizens/deleted";
/// Exports to Excel.
pub const EXPORTS: &str = "/exports";
/// «Загрузка из таблицы».
pub const IMPORT: &str = "/citizens/import";
/// «Журнал».
pub const JOURNAL: &str = "/journal";
/// «Доставка».
pub const DELIVERY: &str = "/delivery";
/// «Отправить ещё раз»: the question and the act.
pub const DELIVERY_AGAIN: &str = "/delivery/resend";
/// «Соц. кураторы».
pub const CURATORS: &str = "/curators";
/// «Добавить соц. куратора».
pub const NEW_CURATOR: &str = "/curators/new";
/// «Сводка»: figures of the citizens in sight.
pub const SUMMARY: &str = "/summary";
/// «Активность».
pub const ACTIVITY: &str = "/activity";
/// «Отклонения» of everybody.
pub const ALL_DEVIATIONS: &str = "/deviations";
/// «Дата встречи с соц. куратором».
pub const MEETINGS: &str = "/meetings";
/// «Районы».
pub const DISTRICTS: &str = "/districts";
/// «Добавить» of «Районы».
pub const NEW_DISTRICT: &str = "/districts/new";
/// «Типы сообщений (файлов)».
pub const FILE_TYPES: &str = "/file-types";
/// «Добавить» of «Типы сообщений (файлов)».
pub const NEW_FILE_TYPE: &str = "/file-types/new";
/// «Особые группы».
pub const GROUPS: &str = "/special-groups";
/// The web chat.
pub const CHAT: &str = "/chat";

/// End of one session.
pub fn end_session(id: impl Display) -> String {
    format!("/account/sessions/{id}/end")
}

/// A curator's card.
pub fn curator(id: impl Display) -> String {
    format!("{CURATORS}/{id}")
}

/// A curator's card, open for changes.
pub fn curator_edit(id: impl Display) -> String {
    format!("{CURATORS}/{id}/edit")
}

/// Change of a curator's password.
pub fn curator_password(id: impl Display) -> String {
    format!("{CURATORS}/{id}/password")
}

/// Reset of a curator's second factor.
pub fn curator_second_factor(id: impl Display) -> String {
    format!("{CURATORS}/{id}/second-factor")
}

/// A district, open for changes.
pub fn district(id: impl Display) -> String {
    format!("{DISTRICTS}/{id}/edit")
}

/// A file type, open for changes.
pub fn file_type_edit(id: impl Display) -> String {
    format!("{FILE_TYPES}/{id}/edit")
}

/// A list of names with the entry just saved marked in it (PT-D07).
pub fn marked(list: &str, id: impl Display) -> String {
    format!("{list}?new={id}#new")
}

/// A citizen's card.
pub fn citizen(id: impl Display) -> String {
    format!("{CITIZENS}/{id}")
}

/// The page of the list that holds a citizen (PT-D07).
pub fn in_list(id: impl Display) -> String {
    format!("{CITIZENS}/{id}/in-list")
}

/// One export.
pub fn export(id: impl Display) -> String {
    format!("{EXPORTS}/{id}")
}

/// The question before a card is deleted.
pub fn citizen_deletion(id: impl Display) -> String {
    format!("{CITIZENS}/{id}/deletion")
}

/// One import.
pub fn import(id: impl Display) -> String {
    format!("{IMPORT}/{id}")
}

/// «Программа поддержки» of a citizen.
pub fn programme(id: impl Display) -> String {
    format!("{CITIZENS}/{id}/programme")
}

/// The form «Создать задание».
pub fn new_reminder(id: impl Display) -> String {
    format!("{CITIZENS}/{id}/programme/new")
}

/// The same form for a message that goes now (PT-177).
pub fn quick_message(id: impl Display) -> String {
    format!("{CITIZENS}/{id}/programme/new?quick=1")
}

/// One reminder of a series.
pub fn reminder(id: impl Display, series: impl Display, ordinal: u32) -> String {
    format!("{CITIZENS}/{id}/programme/{series}/{ordinal}")
}

/// «Файлы пользователя».
pub fn files(id: impl Display) -> String {
    format!("{CITIZENS}/{id}/files")
}

/// «История взаимодействия».
pub fn history(id: impl Display) -> String {
    format!("{CITIZENS}/{id}/history")
}

/// A request for contact, open for writing its result.
pub fn contact(id: impl Display, contact: impl Display) -> String {
    format!("{CITIZENS}/{id}/history?edit={contact}#contact-{contact}")
}

/// Prolongs an activation code.
pub fn extend_code(id: impl Display) -> String {
    format!("{CITIZENS}/{id}/code/extension")
}

/// A file, shown.
pub fn file(id: impl Display) -> String {
    format!("/files/{id}")
}

/// Ticks a record of «Активность» from «Сегодня».
pub fn tick_today(record: impl Display) -> String {
    format!("{TODAY}/records/{record}/tick")
}

/// «Отклонения» of a citizen.
pub fn deviations(id: impl Display) -> String {
    format!("{CITIZENS}/{id}/deviations")
}

/// Where to go after signing in: `next` if it is an address of this panel, else the main window.
pub fn after_sign_in(next: &str) -> &str {
    let is_local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if is_local && !next.starts_with(SIGN_IN) && !next.starts_with(SIGN_OUT) { next } else { HOME }
}
