# The sign-in window and signing out.

sign-in-title = Sign in
sign-in-login = Login
sign-in-password = Password
sign-in-enter = Sign in

sign-out-question = Sign out?
sign-out-yes = Sign out

sign-in-unknown = You are not registered here. Please contact the administrator.
sign-in-wrong = The login or the password is wrong.
sign-in-too-many =
    Too many sign-in attempts. Try again in { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }

sign-in-code-title = Second step of signing in
sign-in-code = Code
sign-in-code-hint = Six digits from the app, or one of the recovery codes
sign-in-anew = Begin anew
sign-in-wrong-code = The code does not fit. Type a new one from the app: each works once.
sign-in-code-late = The time for the code is over. Please sign in again.
