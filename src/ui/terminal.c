// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>

enum { ESCAPE_MS = 25, RESTORING = 256 };

/* One terminal, which the handlers of signals must find. */
static struct {
	SCREEN *curses;
	FILE *in, *out;
	int in_fd, out_fd, pipe[2];
	struct termios before;
	bool open, colors;
	struct screen shown; /* what stands there */
	char restoring[RESTORING];
	size_t restoring_len;
} terminal;

static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};
static const int noted[] = {SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGCONT};

/* Only what a handler may call. */
static void restore_at_once(void)
{
	if (!terminal.open)
		return;
	terminal.open = false;
	if (write(terminal.out_fd, terminal.restoring, terminal.restoring_len) < 0)
		errno = 0; /* nothing is left to be done about it */
	tcsetattr(terminal.in_fd, TCSANOW, &terminal.before);
}

static void die(int number)
{
	restore_at_once();
	signal(number, SIG_DFL);
	raise(number);
}

static void note(int number)
{
	unsigned char byte = (unsigned char)number;
	int error = errno;

	if (write(terminal.pipe[1], &byte, 1) < 0)
		errno = error; /* full: there is enough to read */
	errno = error;
}

static void keep_restoring(const char *capability)
{
	char *text = tigetstr(capability);
	size_t n = text && text != (char *)-1 ? strlen(text) : 0;

	if (terminal.restoring_len + n < sizeof(terminal.restoring)) {
		memcpy(terminal.restoring + terminal.restoring_len, text ? text : "", n);
		terminal.restoring_len += n;
	}
}

/* What takes back all that curses and we have set. */
static void prepare_restoring(void)
{
	static const char mouse[] = "\033[?1000l\033[?1006l";

	terminal.restoring_len = 0;
	keep_restoring("sgr0");
	if (tigetstr("kmous") && tigetstr("kmous") != (char *)-1) {
		memcpy(terminal.restoring + terminal.restoring_len, mouse, sizeof(mouse) - 1);
		terminal.restoring_len += sizeof(mouse) - 1;
	}
	keep_restoring("cnorm");
	keep_restoring("rmkx");
	keep_restoring("rmcup");
}

/* What ends it is not to wait for the rest of a key, which curses does: of a mouse's it never comes. */
static void handle(int number, void (*handler)(int))
{
	bool ends = number == SIGTERM || number == SIGHUP || number == SIGINT;
	struct sigaction action = {.sa_handler = handler, .sa_flags = ends ? 0 : SA_RESTART};

	sigaction(number, &action, NULL);
}

static void handle_signals(void)
{
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		handle(deadly[i], die);
	for (size_t i = 0; i < sizeof(noted) / sizeof(*noted); i++)
		handle(noted[i], note);
	handle(SIGPIPE, SIG_IGN);
}

static void leave_signals(void)
{
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		handle(deadly[i], SIG_DFL);
	for (size_t i = 0; i < sizeof(noted) / sizeof(*noted); i++)
		handle(noted[i], SIG_DFL);
	handle(SIGPIPE, SIG_DFL);
}

static void start_colors(bool color)
{
	terminal.colors = color && has_colors() && start_color() == OK;
	if (!terminal.colors)
		return;
	use_default_colors();
	init_pair(PAINT_GOOD, COLOR_GREEN, -1);
	init_pair(PAINT_NOTICE, COLOR_YELLOW, -1);
	init_pair(PAINT_BAD, COLOR_RED, -1);
	init_pair(PAINT_DIM, COLORS >= 256 ? 245 : -1, -1);
}

static void start_mouse(void)
{
	mmask_t mask = BUTTON1_PRESSED;

#ifdef BUTTON5_PRESSED
	mask |= BUTTON4_PRESSED | BUTTON5_PRESSED;
#endif
	mouseinterval(0);
	mousemask(mask, NULL);
}

static int open_files(int in, int out)
{
	int in_copy = fcntl(in, F_DUPFD_CLOEXEC, 3), out_copy = fcntl(out, F_DUPFD_CLOEXEC, 3);

	terminal.in_fd = in;
	terminal.out_fd = out;
	terminal.in = in_copy < 0 ? NULL : fdopen(in_copy, "r");
	terminal.out = out_copy < 0 ? NULL : fdopen(out_copy, "w");
	if (!terminal.in || !terminal.out || pipe2(terminal.pipe, O_NONBLOCK | O_CLOEXEC))
		return -errno;
	return 0;
}

/* Whether TERM is of a terminal that curses can do something with. */
static int check_term(int out)
{
	int error = 0;
	bool can;
	char *cup;

	if (setupterm(NULL, out, &error) == ERR)
		return -ENXIO;
	cup = tigetstr("cup");
	can = cup && cup != (char *)-1;
	del_curterm(cur_term);
	return can ? 0 : -EOPNOTSUPP;
}

int terminal_open(int in, int out, bool color)
{
	int error;

	if (!isatty(in) || !isatty(out) || tcgetattr(in, &terminal.before))
		return -ENOTTY;
	error = check_term(out);
	if (!error)
		error = open_files(in, out);
	if (error)
		return error;
	use_env(FALSE); /* LINES and COLUMNS of a shell may be another terminal's */
	use_tioctl(TRUE);
	terminal.curses = newterm(NULL, terminal.out, terminal.in);
	if (!terminal.curses)
		return -ENXIO;
	prepare_restoring();
	terminal.open = true;
	set_escdelay(ESCAPE_MS);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	start_colors(color);
	start_mouse();
	handle_signals();
	return 0;
}

void terminal_close(void)
{
	if (terminal.curses) {
		mousemask(0, NULL);
		curs_set(1);
		endwin();
		terminal.open = false;
		delscreen(terminal.curses);
		leave_signals();
	}
	if (terminal.in)
		fclose(terminal.in);
	if (terminal.out)
		fclose(terminal.out);
	if (terminal.pipe[0]) {
		close(terminal.pipe[0]);
		close(terminal.pipe[1]);
	}
	screen_free(&terminal.shown);
	memset(&terminal, 0, sizeof(terminal));
}

void terminal_size(unsigned *rows, unsigned *cols)
{
	struct winsize size;

	if (!ioctl(terminal.out_fd, TIOCGWINSZ, &size) && size.ws_row && size.ws_col) {
		*rows = size.ws_row;
		*cols = size.ws_col;
	} else {
		*rows = (unsigned)LINES;
		*cols = (unsigned)COLS;
	}
	if ((int)*rows != LINES || (int)*cols != COLS)
		resizeterm((int)*rows, (int)*cols);
}

static const struct {
	int curses;
	uint32_t code;
} key_codes[] = {
	{KEY_UP, PRESS_UP},
	{KEY_DOWN, PRESS_DOWN},
	{KEY_LEFT, PRESS_LEFT},
	{KEY_RIGHT, PRESS_RIGHT},
	{KEY_PPAGE, PRESS_PAGE_UP},
	{KEY_NPAGE, PRESS_PAGE_DOWN},
	{KEY_HOME, PRESS_HOME},
	{KEY_END, PRESS_END},
	{KEY_IC, PRESS_INSERT},
	{KEY_DC, PRESS_DELETE},
	{KEY_BTAB, PRESS_BACK_TAB},
	{KEY_ENTER, PRESS_ENTER},
	{KEY_BACKSPACE, PRESS_BACKSPACE},
};

static bool read_mouse(struct key *key)
{
	MEVENT event;

	if (getmouse(&event) != OK || event.x < 0 || event.y < 0)
		return false;
	key->row = (unsigned)event.y;
	key->col = (unsigned)event.x;
	if (event.bstate & BUTTON1_PRESSED)
		key->code = PRESS_CLICK;
#ifdef BUTTON5_PRESSED
	else if (event.bstate & BUTTON4_PRESSED)
		key->code = PRESS_WHEEL_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		key->code = PRESS_WHEEL_DOWN;
#endif
	return true;
}

static bool function_key(wint_t c, struct key *key)
{
	if (c == KEY_RESIZE)
		return false;
	if (c == KEY_MOUSE)
		return read_mouse(key);
	if (c >= KEY_F(1) && c <= KEY_F(12))
		key->code = PRESS_F1 + (c - KEY_F(1));
	for (size_t i = 0; i < sizeof(key_codes) / sizeof(*key_codes); i++) {
		if ((int)c == key_codes[i].curses)
			key->code = key_codes[i].code;
	}
	return true;
}

bool terminal_key(struct key *key)
{
	wint_t c;
	int result = get_wch(&c);

	*key = (struct key){.code = PRESS_UNKNOWN};
	if (result == KEY_CODE_YES)
		return function_key(c, key) || terminal_key(key);
	if (result == ERR)
		return false;
	key->code = (uint32_t)c;
	if (c == '\n')
		key->code = PRESS_ENTER;
	if (c == 8)
		key->code = PRESS_BACKSPACE;
	return true;
}

static attr_t attributes(struct look look)
{
	attr_t a = A_NORMAL;

	if (look.bits & LOOK_REVERSE)
		a |= A_REVERSE;
	if (look.bits & LOOK_UNDERLINE)
		a |= A_UNDERLINE;
	if (look.bits & LOOK_BOLD || look.paint == PAINT_BOLD || look.paint == PAINT_HEADER)
		a |= A_BOLD;
	if (look.bits & LOOK_DIM ||
	    (look.paint == PAINT_DIM && !(terminal.colors && COLORS >= 256)))
		a |= A_DIM;
	return a;
}

static short pair_of(struct look look)
{
	if (!terminal.colors)
		return 0;
	switch (look.paint) {
	case PAINT_GOOD:
	case PAINT_NOTICE:
	case PAINT_BAD:
	case PAINT_DIM: return look.paint;
	default: return 0;
	}
}

static void show_cell(unsigned row, unsigned col, const struct screen_cell *cell)
{
	wchar_t text[2 + CELL_MARKS] = {(wchar_t)cell->cp};
	cchar_t c;

	for (int i = 0; i < CELL_MARKS; i++)
		text[i + 1] = (wchar_t)cell->marks[i];
	if (setcchar(&c, text, attributes(cell->look), pair_of(cell->look), NULL) == OK)
		mvadd_wch((int)row, (int)col, &c);
}

int terminal_show(const struct screen *s, bool anew)
{
	struct screen *old = &terminal.shown;
	size_t count = (size_t)s->rows * s->cols;

	if (old->rows != s->rows || old->cols != s->cols || anew) {
		if (screen_resize(old, s->rows, s->cols))
			return -ENOMEM;
		erase();
		if (anew)
			clearok(stdscr, TRUE);
	}
	for (size_t i = 0; i < count; i++) {
		const struct screen_cell *cell = &s->cells[i];

		if (!cell->width || !memcmp(cell, &old->cells[i], sizeof(*cell)))
			continue;
		show_cell((unsigned)(i / s->cols), (unsigned)(i % s->cols), cell);
	}
	if (count)
		memcpy(old->cells, s->cells, count * sizeof(*s->cells));
	curs_set(s->cursor);
	if (s->cursor)
		move((int)s->cursor_row, (int)s->cursor_col);
	refresh();
	return 0;
}

/* Where nobody could start it again, as in a terminal of its own, the kernel lets it go on. */
static void stop_group(void)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, before;

	sigaction(SIGTSTP, &stop, &before);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
}

void terminal_suspend(void)
{
	endwin();
	terminal.open = false;
	stop_group();
	terminal.open = true;
	refresh();
}

int terminal_signal_fd(void)
{
	return terminal.pipe[0];
}

int terminal_signal(void)
{
	unsigned char byte;

	return read(terminal.pipe[0], &byte, 1) == 1 ? byte : 0;
}
