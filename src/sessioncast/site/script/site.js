// Everything the pages do beyond what they are: nothing yet. All of them work without it.
