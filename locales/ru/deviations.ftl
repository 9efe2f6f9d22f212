# «Отклонения» в карточке.

deviations-none = Отклонений нет
deviations-none-text = Здесь появятся напоминания без ответа, с отметкой «{ label-bot-missed }» и недоставленные.
deviations-when = Дата и время
deviations-state = Состояние
deviations-kind = Тип задания
deviations-text = Описание задания

# «Отклонения» всех, за последние 72 часа.
deviations-lead = За последние 72 часа: без ответа, с отметкой «{ label-bot-missed }» и недоставленные. Страница обновляется сама.
deviations-none-lately = За последние 72 часа все ответили и всё доставлено. Отметка «{ label-bot-missed }» и недоставленное появятся здесь сразу, остальное — если ответа долго нет.
deviations-citizen = ФИО { -citizen(case: "gen") }
deviations-seen-at = Обновлено в { $time }
