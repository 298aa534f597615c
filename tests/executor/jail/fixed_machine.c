/* SPDX-License-Identifier: Apache-2.0 */
/* The machine and the profile that goldens are made from. */
#include "tests/executor/jail/fixed_machine.h"

#include <stdio.h>
#include <string.h>

void fixed_machine(struct machine *m)
{
	static const char *const links[][2] = {
		{ "bin", "usr/bin" }, { "sbin", "usr/sbin" },
		{ "lib", "usr/lib" }, { "lib64", "usr/lib64" },
		{ "lib32", "" },
	};

	memset(m, 0, sizeof(*m));
	m->root = true;
	m->kernel_major = 6;
	m->kernel_minor = 1;
	m->cpus = 4;
	m->memory_bytes = 8ULL << 30;
	m->max_user_namespaces = 30000;
	m->userns_errno = -1;
	m->memory_swap_limit = true;
	m->pids_peak = true;
	m->landlock_abi = 2;
	m->openat2 = m->mount_setattr = m->user_notify = true;
	m->proc_visible = true;
	snprintf(m->stage, sizeof(m->stage), "/tmp");
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		struct machine_controller *c = &m->controllers[i];

		c->version = 1;
		c->writable = true;
		snprintf(c->path, sizeof(c->path), "/sys/fs/cgroup/%s/own",
			 controller_name((enum controller)i));
	}
	for (int i = 0; i < MACHINE_LINKS; i++) {
		snprintf(m->links[i].name, sizeof(m->links[i].name), "%s",
			 links[i][0]);
		snprintf(m->links[i].target, sizeof(m->links[i].target), "%s",
			 links[i][1]);
	}
}

void fixed_profile(struct profile *p)
{
	const struct limits def = {
		.time_ms = 10000,
		.memory_bytes = 256 << 20,
		.processes = 64,
		.output_bytes = 1 << 20,
		.disk_bytes = 64 << 20,
		.files = 16384,
		.open_files = 256,
		.stack_bytes = 8 << 20,
		.cpu_milli = 1000,
	};
	const struct limits max = {
		.time_ms = 600000,
		.cpu_time_ms = 600000,
		.memory_bytes = 4ULL << 30,
		.processes = 1024,
		.output_bytes = 64 << 20,
		.disk_bytes = 2ULL << 30,
		.files = 262144,
		.open_files = 4096,
		.stack_bytes = 64 << 20,
		.cpu_milli = 4000,
	};

	/* the fields are for owned strings; nobody frees these */
	static char name[] = "coop", usr[] = "/usr", dict[] = "/usr/share/dict",
		    alternatives[] = "/etc/alternatives",
		    tools[] = "/opt/tools";

	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "fixed");
	p->hostname = name;
	p->limits.def = def;
	p->limits.max = max;
	p->paths[0] = (struct profile_path){ usr, false };
	p->paths[1] = (struct profile_path){ alternatives, true };
	p->paths[2] = (struct profile_path){ tools, false };
	p->paths[3] = (struct profile_path){ dict, false };
	p->path_count = 4;
}
