// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/socket_unit.h"

enum { PATH_SIZE = 512 };

/* Two directories of unit files, the first taking precedence, and a tree of groups. */
struct tree {
	char root[PATH_SIZE], high[PATH_SIZE], low[PATH_SIZE], groups[PATH_SIZE];
	const char *directories[4];
};

static void make_path(char *path, const char *directory, const char *name)
{
	assert_in_range(snprintf(path, PATH_SIZE, "%s/%s", directory, name), 1, PATH_SIZE - 1);
}

static void make_directory(const char *directory, const char *name)
{
	char path[PATH_SIZE];

	make_path(path, directory, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void write_unit(const char *directory, const char *name, const char *text)
{
	char path[PATH_SIZE];
	FILE *f;

	make_path(path, directory, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static int set_up(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	strcpy(t->root, "/tmp/test_socket_unit.XXXXXX");
	assert_non_null(mkdtemp(t->root));
	make_path(t->high, t->root, "high");
	make_path(t->low, t->root, "low");
	make_path(t->groups, t->root, "groups");
	make_directory(t->root, "high");
	make_directory(t->root, "low");
	make_directory(t->root, "groups");
	t->directories[0] = t->high;
	t->directories[1] = "/nonexistent/systemd";
	t->directories[2] = t->low;
	*state = t;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int tear_down(void **state)
{
	struct tree *t = *state;

	nftw(t->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(t);
	return 0;
}

static struct socket listener(const char *address, uint16_t port)
{
	struct socket sk = {.kernel_state = STATE_LISTEN, .local.port = port};
	int family = address_parse(&sk.local.address, address, strlen(address));

	assert_true(family > 0);
	sk.family = (uint8_t)family;
	return sk;
}

static void check_port(const struct tree *t, const char *address, uint16_t port, const char *unit)
{
	struct socket sk = listener(address, port);
	char *found = (char *)"unset";

	assert_int_equal(socket_unit_by_port(t->directories, &sk, &found), 0);
	if (unit) {
		assert_non_null(found);
		assert_string_equal(found, unit);
	} else {
		assert_null(found);
	}
	free(found);
}

static void finds_the_port(void **state)
{
	struct tree *t = *state;

	write_unit(t->low, "ssh.socket",
		   "[Unit]\nListenStream=99\n\n[Socket]\n# ListenStream=98\nAccept=no\n"
		   " ListenStream = 22 \r\nListenStream=/run/x\n[Install]\nListenStream=97\n");
	write_unit(t->low, "ssh.service", "[Socket]\nListenStream=23\n");
	check_port(t, "::", 22, "ssh.socket");
	check_port(t, "0.0.0.0", 22, "ssh.socket");
	check_port(t, "127.0.0.1", 22, NULL);
	check_port(t, "::", 23, NULL);
	check_port(t, "::", 97, NULL);
	check_port(t, "::", 98, NULL);
	check_port(t, "::", 99, NULL);
}

static void finds_the_address(void **state)
{
	struct tree *t = *state;

	write_unit(t->low, "v4.socket", "[Socket]\nListenStream=127.0.0.1:631\n");
	write_unit(t->low, "v6.socket", "[Socket]\nListenStream=[::1]:631\n");
	write_unit(t->low, "link.socket", "[Socket]\nListenStream=[fe80::1]:632%eth0\n");
	write_unit(t->low, "any.socket", "[Socket]\nListenStream=[::]:633\n");
	check_port(t, "127.0.0.1", 631, "v4.socket");
	check_port(t, "::1", 631, "v6.socket");
	check_port(t, "127.0.0.2", 631, NULL);
	check_port(t, "::", 631, NULL);
	check_port(t, "fe80::1", 632, "link.socket");
	check_port(t, "::", 633, "any.socket");
	check_port(t, "0.0.0.0", 633, NULL);
}

static void an_empty_value_forgets(void **state)
{
	struct tree *t = *state;

	write_unit(t->low, "a.socket", "[Socket]\nListenStream=80\nListenStream=\n");
	write_unit(t->low, "b.socket", "[Socket]\nListenStream=\nListenStream=81\n");
	check_port(t, "::", 80, NULL);
	check_port(t, "::", 81, "b.socket");
}

static void the_first_directory_counts(void **state)
{
	struct tree *t = *state;
	char path[PATH_SIZE];

	write_unit(t->low, "a.socket", "[Socket]\nListenStream=80\n");
	write_unit(t->high, "a.socket", "[Socket]\nListenStream=81\n");
	write_unit(t->low, "masked.socket", "[Socket]\nListenStream=82\n");
	make_path(path, t->high, "masked.socket");
	assert_int_equal(symlink("/dev/null", path), 0);
	check_port(t, "::", 80, NULL);
	check_port(t, "::", 81, "a.socket");
	check_port(t, "::", 82, NULL);
}

static void two_units_are_told_apart_if_one_is_wanted(void **state)
{
	struct tree *t = *state;

	write_unit(t->low, "a.socket", "[Socket]\nListenStream=80\n");
	write_unit(t->low, "b.socket", "[Socket]\nListenStream=80\n");
	check_port(t, "::", 80, NULL);
	make_directory(t->high, "sockets.target.wants");
	write_unit(t->high, "sockets.target.wants/b.socket", "");
	check_port(t, "::", 80, "b.socket");
	write_unit(t->high, "sockets.target.wants/a.socket", "");
	check_port(t, "::", 80, NULL);
}

static void leaves_out_what_is_no_plain_unit(void **state)
{
	struct tree *t = *state;

	write_unit(t->low, "a@.socket", "[Socket]\nListenStream=80\n");
	write_unit(t->low, ".socket", "[Socket]\nListenStream=80\n");
	make_directory(t->low, "directory.socket");
	make_directory(t->low, "drop.socket.d");
	write_unit(t->low, "drop.socket.d/x.conf", "[Socket]\nListenStream=80\n");
	check_port(t, "::", 80, NULL);
}

static void takes_hostile_text(void **state)
{
	static const char *const texts[] = {
		"",
		"[Socket]",
		"[Socket]\nListenStream",
		"[Socket]\nListenStream=",
		"[Socket]\nListenStream=:",
		"[Socket]\nListenStream=:80",
		"[Socket]\nListenStream=[]:80",
		"[Socket]\nListenStream=[:80",
		"[Socket]\nListenStream=%:80",
		"[Socket]\nListenStream=80%",
		"[Socket]\nListenStream=000080",
		"[Socket]\nListenStream=65616",
		"[Socket]\nListenStream=-80",
		"[Socket]\nListenStream=80 81",
		"[Socket]\nListenStream=vsock:2:80",
		"[Socket]\nListenStream=@80",
		"=\n[\n[]\n=80\n",
	};
	struct tree *t = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		write_unit(t->low, "a.socket", texts[i]);
		check_port(t, "::", 80, NULL);
	}
}

static uint64_t inode_of(const char *directory, const char *name)
{
	char path[PATH_SIZE];
	struct stat st;

	make_path(path, directory, name);
	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static void check_group(const struct tree *t, uint64_t id, const char *unit)
{
	char *found = (char *)"unset";

	assert_int_equal(socket_unit_find(t->groups, id, &found), 0);
	if (unit) {
		assert_non_null(found);
		assert_string_equal(found, unit);
	} else {
		assert_null(found);
	}
	free(found);
}

static void finds_the_group(void **state)
{
	struct tree *t = *state;
	char path[PATH_SIZE];

	make_directory(t->groups, "init.scope");
	make_directory(t->groups, "system.slice");
	make_directory(t->groups, "system.slice/system-cups.slice");
	make_directory(t->groups, "system.slice/system-cups.slice/cups.socket");
	make_directory(t->groups, "system.slice/.socket");
	make_path(path, t->groups, "loop");
	assert_int_equal(symlink("..", path), 0);
	check_group(t, inode_of(t->groups, "system.slice/system-cups.slice/cups.socket"),
		    "cups.socket");
	check_group(t, inode_of(t->groups, "init.scope"), NULL);
	check_group(t, inode_of(t->groups, "system.slice/.socket"), NULL);
	check_group(t, inode_of(t->root, "high"), NULL);
	check_group(t, 0, NULL);
	check_group(t, UINT64_MAX, NULL);
}

static void no_hierarchy_is_no_error(void **state)
{
	char *unit = (char *)"unset";

	(void)state;
	assert_int_equal(socket_unit_find("/nonexistent/cgroup", 1, &unit), 0);
	assert_null(unit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_the_port, set_up, tear_down),
		cmocka_unit_test_setup_teardown(finds_the_address, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_empty_value_forgets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_first_directory_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(two_units_are_told_apart_if_one_is_wanted, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(leaves_out_what_is_no_plain_unit, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(takes_hostile_text, set_up, tear_down),
		cmocka_unit_test_setup_teardown(finds_the_group, set_up, tear_down),
		cmocka_unit_test(no_hierarchy_is_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
