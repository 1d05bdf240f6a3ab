"""PocketSphinx with a search of a third of the time, where which words it finds is not what a test is about."""

QUICK = {"fwdflat": False, "maxhmmpf": 1000}
TABLE = "[tool.asrlab.models.pocketsphinx-en-us.options]\nfwdflat = false\nmaxhmmpf = 1000\n"
