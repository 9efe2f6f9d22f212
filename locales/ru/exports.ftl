# Exports of the citizens' list and of their history to Excel.

exports-do-citizens = Экспорт списка { -citizen(case: "gen", number: "pl") }
exports-do-history = Экспорт истории обращений { -citizen(case: "gen", number: "pl") }
exports-citizens-file = Список { -citizen(case: "gen", number: "pl") } { $date }
exports-history-file = История обращений { $date }

# Headings of the columns
exports-number = №
exports-activity = Статус активности
exports-bot = Бот активирован
exports-files = Файлы
exports-file-count = Количество файлов
exports-request-count = Количество запросов на связь
exports-citizen-name = ФИО { -citizen(case: "gen") }
exports-requested-at = Дата запроса
exports-comments = Комментарии { -curator(case: "gen") }
exports-handled-at = Дата отработки запроса
exports-initiator = Инициатор
exports-by-citizen = { -citizen }
exports-by-curator = { -curator }
exports-active = активен
exports-yes = да
exports-no = нет

# The pages
exports-title = Выгрузки в Excel
exports-lead = Файлы хранятся сутки.
exports-none = Выгрузок пока нет
exports-none-text = Выберите в списке «Выполнить» и вид выгрузки.
exports-file = Файл
exports-asked = Запрошена
exports-state = Состояние
exports-queued = Ждёт очереди
exports-running = Готовится: { $done } из { $total }
exports-ready = Готова
exports-failed = Не удалось создать файл
exports-failed-text = Проверьте, есть ли место на диске, и повторите. Подробности записаны в журнал.
exports-interrupted = Прервана перезапуском программы
exports-interrupted-text = Повторите: будут взяты те же карточки.
exports-wait = Страница обновляется сама. Её можно закрыть: файл останется в списке выгрузок.
exports-download = Скачать
exports-repeat = Повторить
