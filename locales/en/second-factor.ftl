# Two-factor sign-in.

second-factor-title = Two-factor sign-in
second-factor-state-on = on
second-factor-state-off = off
second-factor-settings = Settings
second-factor-lead = Besides the password, signing in needs a code from an app on your phone. Whoever learns the password does not get in.
second-factor-must = Your organisation demands two factors. Set up the second one to continue.
second-factor-how = You need a phone with an authenticator app: Yandex Key, Google Authenticator, Aegis or another.
second-factor-begin = Switch on
second-factor-step-app = Open the authenticator app on your phone and add a new entry.
second-factor-step-scan = Point the camera at this picture.
second-factor-picture = QR code for the app
second-factor-or-type = No camera? Type this key into the app:
second-factor-step-code = Type the six digits that the app shows.
second-factor-code = Code from the app
second-factor-confirm = Confirm
second-factor-on-since = Two-factor sign-in is on since { $moment }
second-factor-is-on-now = Two-factor sign-in is on. Your other sessions have ended.
second-factor-is-off-now = Two-factor sign-in is off

second-factor-codes = Recovery codes
second-factor-codes-left =
    { $count ->
        [one] { $count } recovery code is left
       *[other] { $count } recovery codes are left
    }
second-factor-codes-hint = Without the phone, type one of these instead of the app’s code. Each works once.
second-factor-codes-once = The codes are shown this once. Print them or write them down, and keep them apart from the phone.
second-factor-codes-kept = I have kept the codes
second-factor-renew = Draw new codes
second-factor-renew-hint = The old codes stop working.
second-factor-off = Switch off
second-factor-off-hint = The password alone will be enough to sign in.

second-factor-reset = Reset the second factor
second-factor-reset-question = Reset the second factor: { $name }?
second-factor-reset-text = The password alone will be enough to sign in, and open sessions end. Make sure first that the holder of the account asks for it.
second-factor-is-reset = The second factor was reset

# Refusals
second-factor-is-on = Two-factor sign-in is on already
second-factor-none = Two-factor sign-in is off anyway
second-factor-wrong-code = The code does not fit. Check the time on the phone and type a new code: each works once.
