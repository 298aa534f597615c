/* SPDX-License-Identifier: Apache-2.0 */
/* The table of backends. Nobody below includes it. */
#include "executor/backend/backends.h"

#include "executor/backend/jail.h"
#include "executor/base/str.h"

#include <string.h>

const struct backend *const backends[] = { &jail_backend, NULL };

const struct backend *backends_find(const char *name, struct err *err)
{
	char known[128] = "";

	if (!name)
		return backends[0];
	for (size_t i = 0; backends[i]; i++) {
		size_t at = strlen(known);

		if (str_equal(backends[i]->name, name))
			return backends[i];
		str_copy(known + at, sizeof(known) - at, i ? ", " : "");
		at = strlen(known);
		str_copy(known + at, sizeof(known) - at, backends[i]->name);
	}
	err_set(err, ERR_UNKNOWN, "\"%.64s\" is not a known backend", name);
	err_try(err, "one of %s", known);
	err_field(err, "backend");
	return NULL;
}
