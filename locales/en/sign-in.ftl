# The sign-in window and signing out.

sign-in-title = Sign in
sign-in-login = Login
sign-in-password = Password
sign-in-enter = Sign in

sign-out-question = Sign out?
sign-out-yes = Sign out
