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
