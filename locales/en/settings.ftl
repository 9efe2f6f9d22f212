# The system's settings.

settings-title = System settings
settings-administrator = Administrator
settings-main-login = Main login
settings-main-login-hint = The administrator signs in with it. 3 to 64 characters.
settings-save-login = Change login
settings-login-changed = Login changed. Use the new one from now on.

settings-mail = Mail
settings-mail-lead = Letters about contact requests, files and reminders leave from this address. Until mail is set up, events are shown only here.
settings-smtp-host = SMTP host
settings-smtp-host-hint = For example, smtp.mail.ru
settings-smtp-port = SMTP port
settings-smtp-port-hint = Usually 465
settings-smtp-sender = Sender’s e-mail
settings-smtp-password = Sender’s password (password for external applications)
settings-smtp-password-hint = For mail.ru: in the mailbox, open your profile → “Пароль и безопасность” → “Пароль для внешних приложений” and create a password. A saved password is never shown again.
settings-smtp-sender-name = Sender’s name
settings-smtp-sender-name-hint = Shown as the sender of letters
settings-admin-email = Administrator’s e-mail
settings-admin-email-hint = Copies of all letters go here. Leave empty for no copies.

settings-check = Test connection
settings-check-good = Success
settings-check-bad = No connection
settings-save-first = Save the settings first

settings-unsent = Letters not sent: { $count }
settings-without-email = { $count ->
    [one] { $count } { -curator } has no e-mail address and gets no letters.
   *[other] { $count } { -curator(number: "pl") } have no e-mail address and get no letters.
}
settings-open-curators = Open the list

settings-wrong-host = Give the name or address of the mail server, such as smtp.mail.ru
settings-wrong-port = The port is a number from 1 to 65535

settings-security = Safety of sign-ins
settings-security-lead = Rules for everybody who signs in.
settings-demand = Demand two-factor sign-in
settings-demand-hint = Who has none sets it up right after the password. The rule holds at once.
settings-demand-nobody = From nobody
settings-demand-administrator = From the administrator
settings-demand-everybody = From everybody
settings-sign-in-letters = Write letters about sign-ins and changed passwords
settings-sign-in-letters-hint = The holder of an account gets a letter when somebody signs in from a new device or address, or the password or the second factor changes.

settings-mail-password = The server takes neither this address nor this password. It wants the password for external applications, not that of the mailbox.
settings-mail-host = There is no server of this name. Check “SMTP host”.
settings-mail-refused = The server takes no connections at this port. Check “SMTP port”: usually 465 or 587.
settings-mail-encryption = The server offers no encryption, and without it the password is not sent. Try port 465.
settings-mail-certificate = The server’s certificate is not to be trusted. Check the server’s name. Whoever runs the installation names the certificate of an own server (mail.ca_file).
settings-mail-timeout = The server gave no answer within 15 seconds. Check name and port; a firewall may keep the connection out.
settings-mail-port = The server speaks another way at this port. Port 465 is for encryption at once, 587 for encryption after the greeting: try the other one.
settings-mail-other = The server refused the connection.
settings-mail-details = Technical details
