"""All that is done with an archive that is there, without the site."""
