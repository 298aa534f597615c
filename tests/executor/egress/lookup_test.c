/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the resolver: turns of owners, answers, silence; and the resolver. */
#include "executor/egress/lookup.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The test is the resolver: `sock` is its end. */
struct rig {
	struct loop *loop;
	struct lookups *all;
	int sock;
	bool dead;
};

struct heard {
	bool done;
	unsigned count;
	char first[NET_ADDRESS_TEXT];
};

static void on_dead(void *arg)
{
	struct rig *r = arg;

	r->dead = true;
}

static void on_answer(void *arg, const struct net_address *addresses,
		      unsigned count)
{
	struct heard *h = arg;

	CHECK(!h->done);
	h->done = true;
	h->count = count;
	if (count)
		net_address_format(&addresses[0], h->first);
}

static void begin(struct rig *r)
{
	int pair[2];

	*r = (struct rig){ .sock = -1 };
	REQUIRE(fd_socketpair(pair, NULL) == 0);
	r->loop = loop_create(NULL);
	REQUIRE(r->loop != NULL);
	r->all = lookups_create(r->loop, pair[0], on_dead, r, NULL);
	REQUIRE(r->all != NULL);
	r->sock = pair[1];
}

static void finish(struct rig *r)
{
	lookups_destroy(r->all);
	fd_close(&r->sock);
	loop_destroy(r->loop);
}

static struct lookup *ask(struct rig *r, const char *name, uint32_t owner,
			  struct heard *h)
{
	const struct lookup_options o = { name, owner, on_answer, h };

	return lookup_start(r->all, &o);
}

static void turn(struct rig *r)
{
	for (int i = 0; i < 4; i++)
		loop_step(r->loop, (struct deadline){ 0 }, NULL);
}

/* The next question; false when there is none. */
static bool next(struct rig *r, struct resolver_question *q)
{
	struct pollfd p = { r->sock, POLLIN, 0 };

	turn(r);
	return poll(&p, 1, 0) == 1 &&
	       read(r->sock, q, sizeof(*q)) == (ssize_t)sizeof(*q);
}

static void answer(struct rig *r, uint32_t id, const char *address)
{
	struct resolver_answer a = { .id = id, .count = address != NULL };

	if (address)
		REQUIRE(net_address_parse(&a.addresses[0], address));
	REQUIRE(write(r->sock, &a, sizeof(a)) == (ssize_t)sizeof(a));
	turn(r);
}

static void answers_find_their_question(void)
{
	struct heard one = { 0 }, two = { 0 };
	struct resolver_question a, b;
	struct rig r;

	begin(&r);
	ask(&r, "one.example", 1, &one);
	ask(&r, "two.example", 1, &two);
	REQUIRE(next(&r, &a) && next(&r, &b));
	CHECK_STR(a.name, "one.example");
	CHECK_STR(b.name, "two.example");
	answer(&r, b.id, "198.51.100.2");
	CHECK(two.done && !one.done);
	CHECK_STR(two.first, "198.51.100.2");
	answer(&r, 12345, "198.51.100.9"); /* nobody's */
	answer(&r, b.id, "198.51.100.9");  /* again */
	answer(&r, a.id, NULL);
	CHECK(one.done && one.count == 0);
	finish(&r);
}

static void owners_take_turns(void)
{
	struct heard many[20] = { 0 }, other = { 0 };
	struct resolver_question q[LOOKUP_OWNER_MAX], more;
	struct rig r;

	begin(&r);
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		ask(&r, "slow.example", 1, &many[i]);
	ask(&r, "fast.example", 2, &other);
	for (size_t i = 0; i < LOOKUP_OWNER_MAX; i++) {
		REQUIRE(next(&r, &q[i]));
		CHECK_STR(q[i].name, "slow.example");
	}
	REQUIRE(next(&r, &more));
	CHECK_STR(more.name, "fast.example");
	CHECK(!next(&r, &more));
	answer(&r, q[3].id, NULL);
	CHECK(many[3].done);
	CHECK(next(&r, &more));
	CHECK(!next(&r, &more));
	finish(&r);
}

static void a_cancelled_one_counts_until_it_ends(void)
{
	struct heard h = { 0 }, waiting = { 0 };
	struct lookup *l[LOOKUP_OWNER_MAX];
	struct resolver_question q, first;
	struct rig r;

	begin(&r);
	for (size_t i = 0; i < LOOKUP_OWNER_MAX; i++)
		l[i] = ask(&r, "slow.example", 1, &h);
	ask(&r, "next.example", 1, &waiting);
	REQUIRE(next(&r, &first));
	while (next(&r, &q))
		;
	for (size_t i = 0; i < LOOKUP_OWNER_MAX; i++)
		lookup_cancel(l[i]);
	CHECK(!next(&r, &q));
	answer(&r, first.id, "198.51.100.1");
	CHECK(!h.done);
	REQUIRE(next(&r, &q));
	CHECK_STR(q.name, "next.example");
	answer(&r, q.id, "198.51.100.1");
	CHECK(waiting.done);
	finish(&r);
}

static void a_waiting_one_is_forgotten_at_once(void)
{
	struct heard h = { 0 };
	struct resolver_question q;
	struct lookup *last = NULL;
	struct rig r;
	int n = 0;

	begin(&r);
	for (int i = 0; i <= LOOKUP_OWNER_MAX; i++)
		last = ask(&r, "a.example", 1, &h);
	lookup_cancel(last);
	lookup_cancel(NULL);
	while (next(&r, &q))
		n++;
	CHECK_INT(n, LOOKUP_OWNER_MAX);
	finish(&r);
}

static void nonsense_and_death_are_told(void)
{
	struct resolver_answer a = { .count = RESOLVER_ADDRESSES + 1 };
	struct rig r;

	begin(&r);
	REQUIRE(write(r.sock, &a, sizeof(a)) == (ssize_t)sizeof(a));
	turn(&r);
	CHECK(r.dead);
	finish(&r);
	begin(&r);
	fd_close(&r.sock);
	turn(&r);
	CHECK(r.dead);
	finish(&r);
}

/* The real one, with what every machine knows. */
static void resolver_answers(void)
{
	struct resolver_question q = { .id = 7, .name = "localhost" };
	struct resolver_answer a;
	int pair[2], status;

	REQUIRE(fd_socketpair(pair, NULL) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		close(pair[0]);
		resolver_main(pair[1]);
	}
	close(pair[1]);
	REQUIRE(write(pair[0], &q, sizeof(q)) == (ssize_t)sizeof(q));
	REQUIRE(read(pair[0], &a, sizeof(a)) == (ssize_t)sizeof(a));
	CHECK_INT(a.id, 7);
	CHECK(a.count >= 1);
	for (uint32_t i = 0; i < a.count; i++) {
		char text[NET_ADDRESS_TEXT];

		net_address_format(&a.addresses[i], text);
		CHECK(str_starts(text, "127.") || str_equal(text, "::1"));
	}
	/* a name without an end is still text */
	memset(q.name, 'a', sizeof(q.name));
	q.id = 8;
	REQUIRE(write(pair[0], &q, sizeof(q)) == (ssize_t)sizeof(q));
	REQUIRE(read(pair[0], &a, sizeof(a)) == (ssize_t)sizeof(a));
	CHECK_INT(a.id, 8);
	CHECK_INT(a.count, 0);
	close(pair[0]);
	REQUIRE(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(answers_find_their_question),
		TEST(owners_take_turns),
		TEST(a_cancelled_one_counts_until_it_ends),
		TEST(a_waiting_one_is_forgotten_at_once),
		TEST(nonsense_and_death_are_told),
		TEST(resolver_answers),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
