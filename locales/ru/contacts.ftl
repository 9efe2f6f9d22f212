# «История взаимодействия».

contacts-result-missing = Напишите, о чём договорились
contacts-result-too-long =
    { $limit ->
        [one] Не больше { $limit } символа
        [few] Не больше { $limit } символов
       *[many] Не больше { $limit } символов
    }

# Письмо о запросе связи
contacts-letter-subject = Запрос на связь: { $name }
contacts-letter-request = { $name } просит связаться.
contacts-letter-when = Время запроса: { $when }
contacts-letter-phone = Телефон: { $phone }
contacts-letter-comment = Сообщение: { $comment }
