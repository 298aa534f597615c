/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a profile and the list of known ones. Reading the text stands in
 * profile_file.c.
 */
#include "executor/profile/profile.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/names.h"

#include <string.h>

void profile_destroy(struct profile *p)
{
	if (!p)
		return;
	mem_free(p->summary);
	mem_free(p->hostname);
	network_finish(&p->network);
	for (size_t i = 0; i < p->path_count; i++)
		mem_free(p->paths[i].path);
	for (size_t i = 0; i < p->env_count; i++)
		mem_free(p->env[i]);
	for (size_t i = 0; i < p->syscall_count; i++)
		mem_free(p->syscalls[i].name);
	mem_free(p);
}

char **profile_names(const char *share, struct err *err)
{
	return names_list(share, "profiles", ".conf", err);
}

void profile_names_free(char **names)
{
	names_free(names);
}

/* Both cases: curl reads http_proxy only in small letters, others in capitals. */
static const char *const proxy_env[] = {
	"HTTP_PROXY=" NETWORK_PROXY_URL,    "http_proxy=" NETWORK_PROXY_URL,
	"HTTPS_PROXY=" NETWORK_PROXY_URL,   "https_proxy=" NETWORK_PROXY_URL,
	"NO_PROXY=localhost,127.0.0.1,::1", "no_proxy=localhost,127.0.0.1,::1",
};

static bool has_variable(const struct profile *p, const char *var)
{
	size_t len = strcspn(var, "=") + 1;

	for (size_t i = 0; i < p->env_count; i++)
		if (strncmp(p->env[i], var, len) == 0)
			return true;
	return false;
}

int profile_put_proxy(struct profile *p, struct err *err)
{
	for (size_t i = 0; p->network.open && i < ARRAY_LEN(proxy_env); i++) {
		if (has_variable(p, proxy_env[i]))
			continue;
		if (p->env_count == PROFILE_ENV_MAX)
			return err_set(err, ERR_TOO_LARGE,
				       "no room for the proxy's variables");
		p->env[p->env_count++] = mem_strdup(proxy_env[i]);
	}
	return 0;
}

static bool is_proxys(const char *var)
{
	for (size_t i = 0; i < ARRAY_LEN(proxy_env); i++)
		if (str_equal(var, proxy_env[i]))
			return true;
	return false;
}

void profile_close_network(struct profile *p)
{
	size_t kept = 0;

	if (!p->network.open)
		return;
	p->network.open = false;
	for (size_t i = 0; i < p->env_count; i++)
		if (is_proxys(p->env[i]))
			mem_free(p->env[i]);
		else
			p->env[kept++] = p->env[i];
	p->env_count = kept;
}
