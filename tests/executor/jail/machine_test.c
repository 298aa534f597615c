/* SPDX-License-Identifier: Apache-2.0 */
/* Where cgroup controllers are, from the texts of machines of all kinds. */
#include "executor/jail/machine.h"

#include "executor/base/mem.h"
#include "tests/executor/jail/fixed_machine.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

struct row {
	const char *name, *cgroup, *mountinfo, *v2;
	int memory, pids;        /* versions */
	const char *memory_path; /* NULL: not looked at */
};

#define V1(opts, root, point)                                                  \
	"32 31 0:29 " root " " point " rw shared:9 - cgroup cgroup rw," opts   \
	"\n"

#define UNIFIED "41 31 0:38 / /cg/unified rw - cgroup2 cgroup2 rw\n"
#define HYBRID                                                                 \
	V1("memory", "/", "/cg/memory") V1("pids", "/", "/cg/pids") UNIFIED

static const struct row rows[] = {
	{ "hybrid", "8:pids:/\n4:memory:/api/d1e8\n0::/\n", HYBRID, "hugetlb",
	  1, 1, "/cg/memory/api/d1e8" },
	{ "pure v2 of systemd",
	  "0::/user.slice/user-1000.slice/session-2.scope\n",
	  "26 23 0:24 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n",
	  "cpuset cpu io memory pids\n", 2, 2,
	  "/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope" },
	{ "v2 without pids", "0::/\n",
	  "26 23 0:24 / /sys/fs/cgroup rw - cgroup2 c rw\n", "cpu memory", 2, 0,
	  "/sys/fs/cgroup" },
	{ "a container on v1, without a cgroup namespace",
	  "4:memory:/docker/0abc\n",
	  V1("memory", "/docker/0abc", "/sys/fs/cgroup/memory"), "", 1, 0,
	  "/sys/fs/cgroup/memory" },
	{ "the same, our group below", "4:memory:/docker/0abc/sub\n",
	  V1("memory", "/docker/0abc", "/sys/fs/cgroup/memory"), "", 1, 0,
	  "/sys/fs/cgroup/memory/sub" },
	{ "another container's tree is mounted", "4:memory:/docker/0abcdef\n",
	  V1("memory", "/docker/0abc", "/sys/fs/cgroup/memory"), "", 0, 0,
	  NULL },
	{ "our group is above what is mounted", "4:memory:/../other\n",
	  V1("memory", "/", "/sys/fs/cgroup/memory"), "", 0, 0, NULL },
	{ "controllers together, blanks in the path", "3:memory,pids:/a\n",
	  V1("memory,pids", "/", "/cg/my\\040tree"), "", 1, 1,
	  "/cg/my tree/a" },
	{ "a name that only contains another", "3:memory2:/a\n2:xmemory:/b\n",
	  V1("memory", "/", "/cg"), "", 0, 0, NULL },
	{ "nothing mounted", "3:memory:/a\n0::/\n", "", "", 0, 0, NULL },
	{ "garbage", ":::\n\n4:memory\nmemory:/\n::",
	  "1 2\n - - -\n26 23 0:24 /\n\\040", "memory pids", 0, 0, NULL },
	{ "empty", "", "", "", 0, 0, NULL },
};

static void controllers(void)
{
	static struct machine m;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];

		memset(&m, 0, sizeof(m));
		machine_parse_cgroups(&m, r->cgroup, r->mountinfo);
		machine_parse_v2(&m, r->v2);
		if (m.controllers[CONTROLLER_MEMORY].version != r->memory ||
		    m.controllers[CONTROLLER_PIDS].version != r->pids)
			tap_note("%s", r->name);
		CHECK_INT(m.controllers[CONTROLLER_MEMORY].version, r->memory);
		CHECK_INT(m.controllers[CONTROLLER_PIDS].version, r->pids);
		if (r->memory_path)
			CHECK_STR(m.controllers[CONTROLLER_MEMORY].path,
				  r->memory_path);
	}
}

static void path_that_is_too_long(void)
{
	static struct machine m;
	char cgroup[1200], mounts[300];

	memset(cgroup, 'x', sizeof(cgroup));
	memcpy(cgroup, "4:memory:/", 10);
	memcpy(cgroup + sizeof(cgroup) - 2, "\n", 2);
	snprintf(mounts, sizeof(mounts), "%s", V1("memory", "/", "/cg"));
	memset(&m, 0, sizeof(m));
	machine_parse_cgroups(&m, cgroup, mounts);
	CHECK_INT(m.controllers[CONTROLLER_MEMORY].version, 0);
	/* fits alone, but not behind the mount point */
	cgroup[MACHINE_PATH_MAX + 7] = '\n';
	cgroup[MACHINE_PATH_MAX + 8] = '\0';
	machine_parse_cgroups(&m, cgroup, mounts);
	CHECK_INT(m.controllers[CONTROLLER_MEMORY].version, 0);
}

static void proc_masked_or_not(void)
{
	static const struct {
		const char *mountinfo;
		bool visible;
	} cases[] = {
		{ "22 27 0:21 / /proc rw - proc proc rw\n", true },
		{ "22 27 0:21 / /proc rw - proc proc rw\n"
		  "23 22 0:9 / /proc/sys/fs/binfmt_misc rw - autofs x rw\n",
		  true },
		{ "22 27 0:21 / /proc rw - proc proc rw\n"
		  "23 22 0:9 /null /proc/kcore rw - devtmpfs x rw\n",
		  false },
		{ "22 27 0:21 / /proc rw - tmpfs proc rw\n", false },
		{ "22 27 0:21 /sys /proc rw - proc proc rw\n", false },
		{ "", false },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(machine_parse_proc(cases[i].mountinfo),
			  cases[i].visible);
}

static void this_machine(void)
{
	static struct machine m;
	struct machine_fact facts[MACHINE_FACTS_MAX];

	machine_probe(&m);
	CHECK(m.cpus >= 1 && m.memory_bytes > 0 && m.kernel_major >= 4);
	CHECK(m.stage[0] == '/');
	CHECK_INT(m.userns_errno, -1);
	machine_probe_userns(&m);
	CHECK(m.userns_errno >= 0);
	unsigned n = machine_facts(&m, facts);
	CHECK(n >= 10 && n <= MACHINE_FACTS_MAX);
	for (unsigned i = 0; i < n; i++) {
		CHECK(facts[i].name[0] && facts[i].text[0]);
		/* what is missing has a remedy */
		CHECK(facts[i].ok == !facts[i].remedy);
	}
}

static void reports_of_poor_machines(void)
{
	static struct machine m;
	struct machine_fact facts[MACHINE_FACTS_MAX];
	unsigned bad = 0;
	struct err err;

	memset(&m, 0, sizeof(m));
	m.swap = true;
	m.max_user_namespaces = 0;
	m.userns_restricted = true;
	unsigned n = machine_facts(&m, facts);
	for (unsigned i = 0; i < n; i++) {
		bad += !facts[i].ok;
		CHECK(facts[i].ok || facts[i].remedy[0]);
	}
	CHECK(bad >= n - 1);
	/* refusals by cause */
	CHECK_INT(machine_no_userns(&m, 0, &err), -ERR_UNSUPPORTED);
	CHECK(strstr(err.remedy, "max_user_namespaces"));
	m.max_user_namespaces = 100;
	machine_no_userns(&m, 1 /* EPERM */, &err);
	CHECK(strstr(err.remedy, "root"));
	machine_no_userns(&m, 28 /* ENOSPC */, &err);
	CHECK(strstr(err.text, "used up"));
}

static void ranges_of_uids(void)
{
	static const struct {
		const char *text;
		uint32_t first, count; /* 0: none */
	} table[] = {
		{ "", 0, 0 },
		{ "me:100000:65536\n", 100000, 65535 },
		{ "me:100000:65536", 100000, 65535 },
		{ "you:1:2\nme:200000:1000\nme:300000:9000\n", 200000, 1000 },
		{ "1234:100000:300\n", 100000, 300 },
		{ "me2:100000:65536\nm:100000:65536\n", 0, 0 },
		{ "12345:100000:65536\n", 0, 0 },
		{ "me:100000:10\n", 0, 0 },
		{ "me:0:65536\n", 0, 0 },
		{ "me:4294900000:100000\n", 0, 0 },
		{ "me:99999999999999999999:65536\n", 0, 0 },
		{ "me:-5:65536\nme:5x:65536\nme:5\nme\nme:\n", 0, 0 },
		{ "me:5\n:65536\n", 0, 0 },
	};

	for (unsigned i = 0; i < ARRAY_LEN(table); i++) {
		struct machine_range r = { 0 };
		bool found = machine_parse_subids(table[i].text, "me", 1234,
						  &r);

		CHECK(found == (table[i].count > 0));
		CHECK_INT(r.first, table[i].first);
		CHECK_INT(r.count, table[i].count);
	}
	/* a user without a name has no lines of "" */
	struct machine_range r;
	CHECK(!machine_parse_subids(":100000:65536\n", "", 1234, &r));
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(controllers),
		TEST(path_that_is_too_long),
		TEST(proc_masked_or_not),
		TEST(this_machine),
		TEST(reports_of_poor_machines),
		TEST(ranges_of_uids),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
