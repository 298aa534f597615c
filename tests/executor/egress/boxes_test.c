/* SPDX-License-Identifier: Apache-2.0 */
/* One broker, several boxes, one proxy: what the end of a box gives back. The
 * server is this machine's own loopback, which the test's profile allows. */
#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/executor/broker/jail_world.h"
#include "tests/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct limits none = { 0 };

/* ---- a server ---- */

static _Noreturn void serve(int sock)
{
	static const char reply[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n";
	char request[4096];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		int fd = accept(sock, NULL, NULL);

		if (fd < 0)
			_exit(1);
		if (read(fd, request, sizeof(request)) > 0)
			fd_write_all(fd, reply, sizeof(reply) - 1, NULL);
		close(fd);
	}
}

/* On a free port of 127.0.0.1; ends with this test. */
static uint16_t start_server(pid_t *pid)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(at);
	_auto_close_ int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	REQUIRE(sock >= 0);
	REQUIRE(bind(sock, (struct sockaddr *)&at, sizeof(at)) == 0);
	REQUIRE(listen(sock, 64) == 0);
	REQUIRE(getsockname(sock, (struct sockaddr *)&at, &len) == 0);
	*pid = fork();
	if (*pid == 0)
		serve(sock);
	REQUIRE(*pid > 0);
	return ntohs(at.sin_port);
}

/* ---- a world whose profile "net" allows it ---- */

struct net_world {
	struct world w;
	pid_t server;
	uint16_t port;
};

/* Of all tests here, so that it goes however one of them ends. */
static char share[64];

static void write_profile(uint16_t port)
{
	char path[128], text[512];

	snprintf(path, sizeof(path), "%s/profiles/net.conf", share);
	_auto_close_ int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	snprintf(text, sizeof(text),
		 "version = 1\n[profile]\ninherit = default\n"
		 "[network]\nmode = allow\nallow = 127.0.0.1:%u\n"
		 "allow_private = 127.0.0.1\n",
		 port);
	REQUIRE(fd_write_all(fd, text, strlen(text), NULL) == 0);
}

/* Tests are processes of their own: the first of them makes what is in it. */
static void fill_share(void)
{
	static const char *const parts[] = { "syscalls", "languages",
					     "profiles/default.conf" };
	char from[600], to[128];

	snprintf(to, sizeof(to), "%s/profiles", share);
	if (mkdir(to, 0755) < 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		snprintf(from, sizeof(from), "%s/%s", tap_build("share/coop"),
			 parts[i]);
		snprintf(to, sizeof(to), "%s/%s", share, parts[i]);
		REQUIRE(symlink(from, to) == 0);
	}
}

static void remove_share(void)
{
	static const char *const parts[] = {
		"syscalls",          "languages", "profiles/default.conf",
		"profiles/net.conf", "profiles",  ""
	};
	char path[128];

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		snprintf(path, sizeof(path), "%s/%s", share, parts[i]);
		remove(path);
	}
}

static void open_world(struct net_world *n)
{
	memset(n, 0, sizeof(*n));
	n->port = start_server(&n->server);
	fill_share();
	write_profile(n->port);
	setenv("WORLD_SHARE", share, 1);
	if (!world_open(&n->w, "net", &none))
		tap_note("%s: %s", n->w.err.field, n->w.err.text);
	REQUIRE(n->w.box != NULL && n->w.made);
}

static void close_world(struct net_world *n)
{
	world_close(&n->w);
	kill(n->server, SIGKILL);
	waitpid(n->server, NULL, 0);
}

/* Asks for the server through the proxy; what came is in w->out. */
static bool ask(struct net_world *n)
{
	char script[512];
	const char *argv[] = { "/bin/bash", "-c", script, NULL };

	snprintf(script, sizeof(script),
		 "exec 3<>/dev/tcp/127.0.0.1/3128 || exit 9\n"
		 "printf 'GET http://127.0.0.1:%u/ HTTP/1.1\\r\\n"
		 "Host: 127.0.0.1:%u\\r\\nConnection: close\\r\\n\\r\\n' >&3\n"
		 "cat <&3",
		 n->port, n->port);
	return world_run(&n->w, argv);
}

/* ---- looking at the proxy ---- */

static pid_t find_proxy(void)
{
	pid_t broker = world_broker(), found = 0;
	DIR *dir = opendir("/proc");

	for (struct dirent *e; dir && (e = readdir(dir));) {
		pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);
		char path[64], comm[32] = "";

		snprintf(path, sizeof(path), "/proc/%d/comm", pid);
		_auto_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, comm, sizeof(comm) - 1) <= 0)
			continue;
		if (world_parent(pid) == broker &&
		    str_starts(comm, "coop-egress"))
			found = pid;
	}
	if (dir)
		closedir(dir);
	return found;
}

static int sockets_of(pid_t pid)
{
	char path[64], target[128];
	int count = 0;

	for (int fd = 0; fd < 256; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
		ssize_t n = readlink(path, target, sizeof(target) - 1);

		target[n > 0 ? n : 0] = '\0';
		count += str_starts(target, "socket:");
	}
	return count;
}

static bool sockets_become(pid_t pid, int want)
{
	const struct timespec pause = { .tv_nsec = 10 * CLOCK_MS };

	for (int i = 0; i < 1000; i++) {
		if (sockets_of(pid) == want)
			return true;
		nanosleep(&pause, NULL);
	}
	tap_note("%d sockets, not %d", sockets_of(pid), want);
	return false;
}

/* ---- tests ---- */

static void a_box_reaches_its_host(void)
{
	struct net_world n;

	open_world(&n);
	REQUIRE(ask(&n));
	CHECK_INT(world_status(&n.w), 0);
	CHECK(strstr(n.w.out.data, "200 OK") != NULL);
	CHECK(strstr(n.w.out.data, "hello") != NULL);
	close_world(&n);
}

static void the_end_of_a_box_closes_its_sockets(void)
{
	static const char *const hold[] = {
		"/bin/bash", "-c",
		"for i in {3..12}; do eval \"exec $i<>/dev/tcp/127.0.0.1/3128\""
		"; done; echo held; sleep 1000",
		NULL
	};
	struct net_world n;
	struct broker_box *first;

	open_world(&n);
	REQUIRE(ask(&n));
	pid_t proxy = find_proxy();
	REQUIRE(proxy > 0);
	/* without root its descriptors are nobody's to see */
	if (geteuid()) {
		close_world(&n);
		return;
	}
	int base = 3; /* broker, resolver, one box; what it asked is over */
	CHECK(sockets_become(proxy, base));
	REQUIRE(world_start(&n.w, hold));
	CHECK(sockets_become(proxy, base + 10));
	first = n.w.box;
	REQUIRE(world_box(&n.w, "net", &none, 0));
	CHECK(sockets_become(proxy, base + 11));
	broker_box_end(first);
	CHECK(sockets_become(proxy, base));
	/* the other one is not disturbed */
	REQUIRE(ask(&n));
	CHECK(strstr(n.w.out.data, "hello") != NULL);
	CHECK_INT(find_proxy(), proxy);
	close_world(&n);
}

static void many_boxes_leave_nothing(void)
{
	struct net_world n;

	open_world(&n);
	pid_t proxy = find_proxy();
	REQUIRE(proxy > 0);
	int base = sockets_of(proxy);
	for (int i = 0; i < 30; i++) {
		struct broker_box *old = n.w.box;

		REQUIRE(world_box(&n.w, "net", &none, 0));
		REQUIRE(ask(&n));
		CHECK(strstr(n.w.out.data, "hello") != NULL);
		broker_box_end(old);
	}
	CHECK(sockets_become(proxy, base));
	CHECK_INT(find_proxy(), proxy);
	close_world(&n);
}

static void a_dead_proxy_is_replaced(void)
{
	struct net_world n;

	open_world(&n);
	pid_t proxy = find_proxy();
	REQUIRE(proxy > 0);
	kill(proxy, SIGKILL);
	CHECK(sockets_become(proxy, 0));
	/* the box runs on without a network */
	REQUIRE(ask(&n));
	CHECK(world_status(&n.w) != 0);
	CHECK(strstr(n.w.out.data, "hello") == NULL);
	REQUIRE(world_sh(&n.w, "echo alive"));
	CHECK_STR(n.w.out.data, "alive\n");
	REQUIRE(world_box(&n.w, "net", &none, 0));
	CHECK(find_proxy() > 0 && find_proxy() != proxy);
	REQUIRE(ask(&n));
	CHECK(strstr(n.w.out.data, "hello") != NULL);
	close_world(&n);
}

static void no_proxy_without_need(void)
{
	struct net_world n;

	open_world(&n);
	world_close(&n.w);
	REQUIRE(world_open(&n.w, "default", &none));
	CHECK_INT(find_proxy(), 0);
	close_world(&n);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(a_box_reaches_its_host),
		TEST(the_end_of_a_box_closes_its_sockets),
		TEST(many_boxes_leave_nothing),
		TEST(a_dead_proxy_is_replaced),
		TEST(no_proxy_without_need),
		{ 0 },
	};

	str_copy(share, sizeof(share), "/tmp/coop-boxes.XXXXXX");
	if (!mkdtemp(share) || chmod(share, 0755) < 0)
		return 1;
	int status = tap_main(tests, argc, argv);
	remove_share();
	return status;
}
