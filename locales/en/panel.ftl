# The panel's frame: what every page shares.

panel-skip = Skip to content
panel-menu = Main menu
panel-menu-waiting = waiting:
# In the bar at the bottom of phones.
panel-menu-short-citizens = People
panel-menu-short-meetings = Meetings
panel-own-account = My account
panel-crumbs = Breadcrumb
panel-pages = Pages of the list
panel-before = Previous
panel-after = Next
panel-save = Save
panel-change = Edit
panel-cancel = Cancel
panel-close = Close
panel-delete = Delete
panel-print = Print
panel-saved = Saved
panel-copied = Copied
panel-required-hint = Fill in the fields marked with an asterisk to enable the button
panel-more = More
panel-more-filters = More filters
panel-other-language = Русский
panel-try-again = Try again
panel-to-home = Go to the main page
panel-none = not given

panel-keys = Keyboard shortcuts
panel-key-search = go to search
panel-key-new = add
panel-key-help = this sheet
panel-key-close = close a window

# What scripts say.
panel-no-connection = The server cannot be reached. Check your network and try again.

panel-error-code = Error { $status }
panel-error-not-found = Page not found
panel-error-not-found-text = There is no such page, or it is not available to you. The record may have been deleted, or the link may be out of date.
panel-error-forbidden = No access
panel-error-forbidden-text = Only the administrator can use this section.
panel-error-forged = The form is out of date
panel-error-forged-text = The page was opened too long ago or in another session. Go back, refresh it and submit the form again.
panel-error-form = The data were not accepted
panel-error-form-text = Go back, correct the data and submit them again.
panel-error-refused = This is not possible now
panel-error-stale = Already changed by someone else
panel-error-stale-text = Someone else has changed this card. Refresh the page
panel-error-database = The database is not available
panel-error-database-busy = Another program is using the database. Nothing is lost: wait a moment and try again. If it lasts longer than a minute, tell whoever looks after the server.
panel-error-database-unreachable = The database server does not answer. Nothing is lost: wait a moment and try again. If it lasts longer than a minute, tell whoever looks after the server.
panel-error-database-read-only = Data can be read but not written; the disk may be full. Nothing is lost. Tell whoever looks after the server.
panel-error-internal = Internal error
panel-error-internal-text = This is our fault, not yours, and it has been logged. Try again. If it happens again, tell whoever looks after the server.

# Languages call themselves as their speakers do.
panel-language-ru = Русский
panel-language-en = English
