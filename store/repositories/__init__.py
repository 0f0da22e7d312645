"""One repository per kind of thing: values in, values out, always inside a transaction of one clinic."""
