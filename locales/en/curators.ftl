# Curators: list and cards, for the administrator only.

curators-add = Add { -curator(case: "indef") }
curators-added = Added
curators-lead = Accounts of the staff. Only the administrator creates and changes them.
curators-none = Nobody here yet
curators-none-text = Add the first record: a surname is enough; to let the person sign in, give a login and a password.
curators-full-name = Full name
curators-surname = Surname
curators-name = First name
curators-patronymic = Patronymic
curators-email = E-mail
curators-email-hint = Letters about requests, files and reminders go here
curators-phone = Phone
curators-telegram = Telegram username
curators-district = District
curators-login = Login
curators-login-hint = Login and password go together; without them nobody can sign in with this record
curators-password = Password
curators-password-repeat = Password again
curators-no-access = no sign-in
curators-no-login = This record has no login, so there is no password either. Set a login and a password on the card first.
curators-password-after-change = Press “Edit” first
curators-password-lead = { $name }: all open sessions will end.
curators-delete-title = Deletion
curators-delete-question = Delete the record “{ $name }”?
curators-delete-text = Nobody will be able to sign in with this login, and open sessions end. The name stays in history and stamps.
curators-deleted = Record deleted
curators-show-citizens = Show { -citizen(number: "pl") }

# Refusals
curators-has-citizens = This { -curator } still has { -citizen(number: "pl") }: { $number }. Move them to another { -curator } first
curators-without-login = Give the { -curator } a login and a password first
