/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans against golden files: golden/NAME.plan is what `coop plan` would print
 * on a machine that is data. COOP_UPDATE_GOLDEN=1 writes them anew; read the
 * difference before committing it.
 */
#include "executor/jail/plan.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "tests/executor/jail/fixed_machine.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOLDEN "tests/executor/jail/golden/"

static struct plan plan;
static struct machine machine;
static struct profile profile;

static void check_golden(const char *name)
{
	char path[200];
	struct buf got, want;

	snprintf(path, sizeof(path), GOLDEN "%s.plan", name);
	buf_init(&got, 65536);
	buf_init(&want, 65536);
	plan_format(&plan, &got);
	if (getenv("COOP_UPDATE_GOLDEN")) {
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			      0644);

		CHECK(fd_write_all(fd, got.data, got.len, NULL) == 0);
		fd_close(&fd);
	}
	CHECK(fd_slurp_path(AT_FDCWD, path, &want, NULL) == 0);
	CHECK_STR(got.data, want.data);
	buf_finish(&got);
	buf_finish(&want);
}

static void prepare(void)
{
	fixed_machine(&machine);
	fixed_profile(&profile);
}

static int make(const struct limits *l, struct err *err)
{
	const struct limits none = { 0 };

	return plan_make(&plan, &profile, l ? l : &none, &machine, err);
}

static void full_tier_one(void)
{
	prepare();
	REQUIRE(make(NULL, NULL) == 0);
	CHECK_INT(plan.tier, 1);
	check_golden("tier1");
}

/* One step more, between loopback and the end of the box's phase, and nothing
 * else; taken away, the plan is the one of a closed profile. */
static void an_open_network(void)
{
	prepare();
	REQUIRE(make(NULL, NULL) == 0);
	unsigned closed = plan.count, group = plan.first[PLAN_GROUP];
	CHECK(!plan_has_proxy(&plan));
	plan_close_network(&plan);
	CHECK_INT(plan.count, closed);
	profile.network.open = true;
	REQUIRE(make(NULL, NULL) == 0);
	CHECK(plan_has_proxy(&plan));
	CHECK_INT(plan.count, closed + 1);
	CHECK_INT(plan.first[PLAN_GROUP], group + 1);
	CHECK_INT(plan.first[PLAN_PHASES], closed + 1);
	for (unsigned i = 1; i < plan.count; i++)
		if (plan.steps[i].kind == STEP_PROXY)
			CHECK_INT(plan.steps[i - 1].kind, STEP_LOOPBACK);
	plan_close_network(&plan);
	CHECK(!plan_has_proxy(&plan));
	check_golden("tier1");
	profile.network.open = false;
}

static void requested_limits(void)
{
	const struct limits l = {
		.time_ms = 1500,
		.cpu_time_ms = 700,
		.memory_bytes = 1U << 30,
		.processes = 2,
		.disk_bytes = 1 << 20,
		.files = 10,
		.open_files = 16,
		.stack_bytes = 1 << 20,
		.cpu_milli = 2500,
	};

	prepare();
	REQUIRE(make(&l, NULL) == 0);
	check_golden("limits");
	CHECK_INT(plan_cpus(&plan, &machine), 3);
}

static void rootless_without_groups(void)
{
	prepare();
	machine.root = false;
	machine.uid = 1000;
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		machine.controllers[i].writable = false;
	REQUIRE(make(NULL, NULL) == 0);
	CHECK_INT(plan.tier, 2);
	CHECK(plan.missing & 1U << WALL_OWN_UID);
	CHECK(plan.missing & 1U << WALL_CGROUP_MEMORY);
	check_golden("rootless");
}

/* With a range of uids and delegated groups nothing is missing. */
static void rootless_with_a_range(void)
{
	prepare();
	machine.root = false;
	machine.uid = 1000;
	machine.sub_uids = (struct machine_range){ 100000, 65535 };
	machine.sub_gids = machine.sub_uids;
	REQUIRE(make(NULL, NULL) == 0);
	CHECK_INT(plan.tier, 1);
	CHECK_INT(plan.missing, 0);
}

static void in_a_container_that_masks_proc(void)
{
	prepare();
	machine.proc_visible = false;
	REQUIRE(make(NULL, NULL) == 0);
	CHECK_INT(plan.tier, 2);
	CHECK(plan.missing & 1U << WALL_PROC);
	check_golden("masked-proc");
}

static void swap_that_cannot_be_limited(void)
{
	prepare();
	machine.swap = true;
	machine.memory_swap_limit = false;
	REQUIRE(make(NULL, NULL) == 0);
	CHECK(plan.missing & 1U << WALL_SWAP);
	CHECK_INT(plan.tier, 2);
}

static void a_host_that_is_not_merged(void)
{
	prepare();
	/* real folders /bin and /lib: bound, not linked */
	snprintf(machine.links[0].target, 48, "/");
	snprintf(machine.links[2].target, 48, "/");
	REQUIRE(make(NULL, NULL) == 0);
	unsigned binds = 0;
	for (unsigned i = 0; i < plan.count; i++)
		binds += plan.steps[i].kind == STEP_BIND &&
			 (!strcmp(plan.steps[i].path, "/bin") ||
			  !strcmp(plan.steps[i].path, "/lib"));
	CHECK_INT(binds, 2);
}

static void order_of_the_last_steps(void)
{
	static const enum step_kind order[] = {
		STEP_STDIO, STEP_IDS,     STEP_CAPS,
		STEP_NNP,   STEP_SECCOMP, STEP_EXEC,
	};
	unsigned at = 0;

	prepare();
	REQUIRE(make(NULL, NULL) == 0);
	for (unsigned i = plan.first[PLAN_PROCESS]; i < plan.count; i++)
		if (at < 6 && plan.steps[i].kind == order[at])
			at++;
	CHECK_INT(at, 6);
	CHECK_INT(plan.steps[plan.count - 1].kind, STEP_EXEC);
	CHECK_INT(plan.steps[plan.count - 2].kind, STEP_SECCOMP);
}

static void what_cannot_be_planned(void)
{
	struct limits l = { .memory_bytes = 1ULL << 40 };
	struct err err = { 0 };

	prepare();
	CHECK_INT(make(&l, &err), -ERR_INVALID);
	CHECK_STR(err.field, "memory");
	l = (struct limits){ .disk_bytes = 256 << 20 };
	CHECK_INT(make(&l, &err), -ERR_INVALID);
	machine.userns_restricted = true;
	CHECK_INT(make(NULL, &err), -ERR_UNSUPPORTED);
	CHECK(err.remedy[0]);
	prepare();
	machine.mount_setattr = false;
	CHECK_INT(make(NULL, &err), -ERR_UNSUPPORTED);
	CHECK(err.remedy[0]);
}

static void weakest_tier(void)
{
	struct err err = { 0 };

	prepare();
	REQUIRE(make(NULL, NULL) == 0);
	CHECK_INT(plan_accept(&plan, 1, &err), 0);
	machine.controllers[CONTROLLER_MEMORY].writable = false;
	REQUIRE(make(NULL, NULL) == 0);
	CHECK_INT(plan_accept(&plan, 0, &err), 0);
	CHECK_INT(plan_accept(&plan, 2, &err), 0);
	CHECK_INT(plan_accept(&plan, 3, &err), 0);
	CHECK_INT(plan_accept(&plan, 1, &err), -ERR_UNSUPPORTED);
	CHECK(strstr(err.text, "cgroup.memory"));
	CHECK(strstr(err.remedy, "doctor"));
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(full_tier_one),
		TEST(an_open_network),
		TEST(requested_limits),
		TEST(rootless_without_groups),
		TEST(rootless_with_a_range),
		TEST(in_a_container_that_masks_proc),
		TEST(swap_that_cannot_be_limited),
		TEST(a_host_that_is_not_merged),
		TEST(order_of_the_last_steps),
		TEST(what_cannot_be_planned),
		TEST(weakest_tier),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
