"""From a question to a cited answer, one stage a module; `assistant` alone knows the order."""
