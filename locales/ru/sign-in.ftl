# The sign-in window and signing out.

sign-in-title = Вход
sign-in-login = Логин
sign-in-password = Пароль
sign-in-enter = Войти

sign-out-question = Выйти из программы?
sign-out-yes = Выйти
