# Sample installation.

sample-not-empty = There are { -citizen(number: "pl") } already: samples are added to an empty installation only
