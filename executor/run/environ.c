/* SPDX-License-Identifier: Apache-2.0 */
/* Joins lists of NAME=VALUE. Checks nothing: who gave them did. */
#include "executor/run/environ.h"

#include "executor/base/mem.h"
#include "executor/profile/profile.h"

#include <string.h>

static size_t count(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

/* Replaces the variable of the same name, else appends. */
static void put(char **env, const char *var)
{
	size_t len = strcspn(var, "=");

	for (; *env; env++) {
		if (strncmp(*env, var, len) || (*env)[len] != '=')
			continue;
		mem_free(*env);
		break;
	}
	*env = mem_strdup(var);
}

char **environ_make(const struct profile *p, char *const *language,
		    char *const *request)
{
	size_t max = p->env_count + count(language) + count(request);
	char **env = mem_zero(max + 1, sizeof(*env));

	for (size_t i = 0; i < p->env_count; i++)
		put(env, p->env[i]);
	for (size_t i = 0; language && language[i]; i++)
		put(env, language[i]);
	for (size_t i = 0; request && request[i]; i++)
		put(env, request[i]);
	return env;
}

void environ_free(char **env)
{
	if (!env)
		return;
	for (char **e = env; *e; e++)
		mem_free(*e);
	mem_free(env);
}
