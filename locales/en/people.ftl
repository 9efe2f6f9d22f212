# Names, contacts, logins and passwords: what is wrong with a field.

people-required = Required field
people-too-long =
    At most { $limit } { $limit ->
        [one] character
       *[other] characters
    }
people-strange-characters = Remove the control characters from the text
people-wrong-phone = This number is not valid. For example: 8 913 123-45-67; a foreign number begins with “+”
people-wrong-email = This address is not valid. For example: ivanova@example.com
people-wrong-date = This date is not valid. For example: 22.11.1954
people-wrong-birth-date = The date of birth cannot be before 01.01.1900 or after today
people-wrong-inn = This INN is not valid
people-wrong-login = A login has 3 to 64 characters without spaces
people-login-taken = This login is already taken
people-password-length = A password has 8 to 128 characters
people-passwords-differ = The passwords do not match
people-wrong-password = The password is wrong.
people-no-such-login = There is no such login.
people-wrong-old-password = The old password is wrong
people-wrong-telegram-name = A Telegram username has 5 to 32 Latin letters, digits and underscores
people-no-such-choice = This choice is no longer available. Choose another one

people-administrator = administrator
people-system = system
people-operator = operator
