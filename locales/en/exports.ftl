# Exports of the citizens' list and of their history to Excel.

exports-do-citizens = Export the list of { -citizen(number: "pl") }
exports-do-history = Export the history of contacts of { -citizen(number: "pl") }
exports-citizens-file = List of { -citizen(number: "pl") } { $date }
exports-history-file = History of contacts { $date }

# Headings of the columns
exports-number = No.
exports-activity = Activity status
exports-bot = Bot activated
exports-files = Files
exports-file-count = Number of files
exports-request-count = Number of contact requests
exports-citizen-name = Full name of the { -citizen }
exports-requested-at = Date of request
exports-comments = Comments of the { -curator }
exports-handled-at = Date of processing
exports-initiator = Initiator
exports-by-citizen = { -citizen }
exports-by-curator = { -curator }
exports-active = active
exports-yes = yes
exports-no = no

# The pages
exports-title = Exports to Excel
exports-lead = Files are kept for a day.
exports-none = There are no exports yet
exports-none-text = Choose “Do” in the list and the kind of export.
exports-file = File
exports-asked = Asked for
exports-state = State
exports-queued = Waits for its turn
exports-running = Being made: { $done } of { $total }
exports-ready = Ready
exports-failed = The file could not be made
exports-failed-text = Check whether there is room on the disk and repeat. The log says more.
exports-interrupted = Interrupted by a restart
exports-interrupted-text = Repeat it: the same cards will be taken.
exports-wait = The page refreshes itself. You may close it: the file stays in the list of exports.
exports-download = Download
exports-repeat = Repeat
