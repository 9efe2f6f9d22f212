# One's own account.

account-password = Password
account-password-hint = Changing the password ends all your other sessions.
account-change-password = Change password
account-must-change = You have signed in with a one-time password. Choose your own to continue.
account-old-password = Old password
account-new-password = New password
account-repeat-password = New password again
account-password-rule = 8 to 128 characters
account-password-changed = Password changed

account-sessions = Sessions
account-this-session = this session
account-session-line = { $address } · signed in { $began } · last seen { $seen }
account-unknown-device = Unknown browser
account-end = End
account-end-others = End the others
account-session-ended = Session ended
account-others-ended = The other sessions have ended

account-look = Appearance
account-language = Language
account-theme = Theme
account-theme-system = As the system
account-theme-light = Light
account-theme-dark = Dark
