"""govbot: does a draft strategy cover the principles of good governance?"""

__version__ = "0.1.0"
