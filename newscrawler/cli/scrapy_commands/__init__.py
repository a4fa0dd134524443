"""Commands of Scrapy's own command line that are ours here (COMMANDS_MODULE); a module each."""
