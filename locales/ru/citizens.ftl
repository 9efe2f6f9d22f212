# «Пользователи»: list, card and activation.

citizens-similar =
    { $whose ->
        [hidden] Похожая карточка уже есть: её ведёт { -curator.gender ->
            [feminine] другая
           *[masculine] другой
        } { -curator }
       *[shown] Похожая карточка уже есть: { $name }
    }
citizens-date-is-past = Укажите сегодняшний день или более поздний
citizens-wrong-zone = Такого часового пояса нет. Выберите из списка

# Activation of the bot
activation-code-used = Код уже использован
activation-access-ended = Доступ к боту отключен
activation-alarm-subject = Подбор кодов активации
activation-alarm-text =
    { $count ->
        [one] За последний час боту прислали { $count } неверный код активации.
        [few] За последний час боту прислали { $count } неверных кода активации.
       *[many] За последний час боту прислали { $count } неверных кодов активации.
    } Похоже, кто-то подбирает коды. Ответы на неверные коды теперь задерживаются; действующие коды работают как прежде.
