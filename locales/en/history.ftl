# Contact history in the card.

history-add = Add
history-added = The entry has been added
history-message = Send a message
history-by-citizen = Contact request
history-by-curator = Contact begun by the { -curator }
history-state-open = Waiting
history-state-contacted = Contacted
history-state-no-contact = No contact
history-result = Result
history-write = Write the result…
history-edit = Click to edit
history-stamp = Edited: { $who }, { $when }
history-none = Nothing here yet
history-none-text = Contact requests from the bot and the contacts you add yourself will appear here.
