/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a profile and the list of known ones. Reading the text stands in
 * profile_file.c.
 */
#include "executor/profile/profile.h"

#include "executor/base/mem.h"
#include "executor/profile/names.h"

void profile_destroy(struct profile *p)
{
	if (!p)
		return;
	mem_free(p->summary);
	mem_free(p->hostname);
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
