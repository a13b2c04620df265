// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/words.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/say.h"
#include "model/field.h"

enum { FILE_MOST = 4 * 1024 * 1024 }; /* bytes */

static bool takes_name(const char *word)
{
	const struct field *f = field_find(word, strlen(word));

	return f && (f->kind == KIND_TEXT || f->kind == KIND_OWNERS);
}

static bool is_operator(const char *word)
{
	static const char *const operators[] = {"=", "==", "eq", "!=", "ne", "neq"};

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (!strcmp(word, operators[i]))
			return true;
	}
	return false;
}

/* The quotes that a word needs to be one value; 0 where it needs none, or none will do. */
static char quotes_of(char *const *words, size_t i)
{
	const char *word = words[i];
	size_t field = i && is_operator(words[i - 1]) ? i - 1 : i;

	if (!strpbrk(word, " \t\n\v\f\r") || !field || !takes_name(words[field - 1]))
		return 0;
	return !strchr(word, '\'') ? '\'' : strchr(word, '"') ? 0 : '"';
}

static void put_words(struct out *o, char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		char quote = quotes_of(words, i);

		if (i)
			out_char(o, ' ');
		if (quote)
			out_char(o, quote);
		out_str(o, words[i]);
		if (quote)
			out_char(o, quote);
	}
}

/* Reads what may be a pipe; -EFBIG beyond what a filter can be, -EINVAL for what is no text. */
static int read_all(struct out *o, int fd)
{
	char piece[4096];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (memchr(piece, '\0', (size_t)n))
			return -EINVAL;
		out_put(o, piece, (size_t)n);
		if (o->len > FILE_MOST)
			return -EFBIG;
	}
	return o->error;
}

static int put_file(struct out *o, const char *name)
{
	bool input = !strcmp(name, "-");
	int fd = input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int error = fd < 0 ? -errno : read_all(o, fd);
	char word[SAY_WORD];

	if (fd >= 0 && !input)
		close(fd);
	say_word(word, name, strlen(name));
	if (error == -EINVAL)
		say("'%s' holds no filter: it is no text", word);
	else if (error && error != -ENOMEM)
		say("cannot read the filter from '%s': %s", word, strerror(-error));
	return error;
}

int words_join(char **filter, char *const *words, const char *condition, const char *file)
{
	struct out o = OUT_MEMORY;
	bool both = condition && *condition && (*words || file);
	int error = 0;

	if (both)
		out_char(&o, '(');
	out_str(&o, condition ? condition : "");
	if (both)
		out_str(&o, ") and (");
	put_words(&o, words);
	if (file) {
		out_str(&o, *words ? " " : "");
		error = put_file(&o, file);
	}
	if (both)
		out_char(&o, ')');
	*filter = NULL;
	out_text(&o);
	if (!error)
		error = o.error;
	if (error)
		out_free(&o);
	else
		*filter = o.data;
	return error;
}
