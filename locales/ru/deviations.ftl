# «Отклонения» в карточке.

deviations-none = Отклонений нет
deviations-none-text = Здесь появятся напоминания без ответа, с отметкой «{ label-bot-missed }» и недоставленные.
deviations-when = Дата и время
deviations-state = Состояние
deviations-kind = Тип задания
deviations-text = Описание задания
