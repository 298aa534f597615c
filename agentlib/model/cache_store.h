/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Where the caching client keeps answers: AutoGen's CacheStore, texts by key.
 * Implementations stand in model/, one file each.
 */
#include "executor/base/err.h"

struct buf;
struct cache_store;

struct cache_store_ops {
	const char *provider; /* full name of AutoGen's class */
	/* Appends the value to `out`: 1; 0 when there is none; or an error. */
	int (*get)(struct cache_store *s, const char *key, struct buf *out,
		   struct err *err);
	int (*set)(struct cache_store *s, const char *key, const char *value,
		   struct err *err);
	void (*destroy)(struct cache_store *s);
};

/* First member of every implementation. */
struct cache_store {
	const struct cache_store_ops *ops;
};
