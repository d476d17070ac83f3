package dev.tetra.examples.monit;

import dev.tetra.examples.monit.Key.Special;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Curses;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that this process runs on, taken over whole and given back as it was: on close, on an exception, and when a
 * signal ends the JVM. <em>Safe for use by many threads</em>; one of them reads keys.
 *
 * <p>JLine's exec provider sets the terminal by stty(1): some ten short processes when it is opened, one when the size
 * changes, none while it is used.
 */
final class Screen implements AutoCloseable {
    /** How long an escape may be the beginning of a longer sequence. */
    private static final long ESCAPE_MILLIS = 60;

    private static final int MARGIN = 1;

    /**
     * The library tells of unknown terminals and the like, with stack traces, in the middle of the screen. Held here, since a
     * logger that nobody holds forgets what it was told.
     */
    private static final Logger QUIET = Logger.getLogger("org.jline");

    /** Stands for any character in the map of keys. */
    private static final Key TYPED = Key.of(0);

    private final Terminal terminal;
    private final Display display;
    private final boolean coloured;
    private final byte[] goodbye;
    private final BindingReader reader;
    private final KeyMap<Key> keys;
    private final Thread onShutdown = new Thread(this::giveBack, "tsm-monit-restore");
    /** What is on the screen; guarded by this. */
    private List<Line> shown = List.of();

    /** Guarded by this. */
    private boolean closed;

    private Screen(Terminal terminal, boolean coloured) {
        this.terminal = terminal;
        this.coloured = coloured;
        this.display = new Display(terminal, true);
        this.goodbye = (code(terminal, Capability.exit_attribute_mode)
                        + code(terminal, Capability.keypad_local)
                        + code(terminal, Capability.cursor_normal)
                        + end(terminal))
                .getBytes(StandardCharsets.UTF_8);
        this.reader = new BindingReader(terminal.reader());
        this.keys = keys(terminal);
    }

    /**
     * Takes over the terminal.
     *
     * @param coloured whether colours are wanted
     * @param onResize called on another thread when the size may have changed
     * @param onInterrupt called on another thread when the process is told to end by INT
     * @throws IOException if standard input or output is no terminal
     */
    static Screen open(boolean coloured, Runnable onResize, Runnable onInterrupt) throws IOException {
        Terminal terminal;
        configure();
        try {
            terminal = TerminalBuilder.builder()
                    .system(true)
                    .provider(TerminalBuilder.PROP_PROVIDER_EXEC)
                    .dumb(false)
                    // Else it asks the terminal a question, and waits 200 ms for those that do not answer.
                    .graphemeCluster(false)
                    .encoding(StandardCharsets.UTF_8)
                    .build();
        } catch (IllegalStateException | IOError none) {
            throw new IOException(none.getMessage(), none);
        }
        Screen screen = new Screen(terminal, coloured);
        Runtime.getRuntime().addShutdownHook(screen.onShutdown);
        try {
            terminal.handle(Signal.WINCH, signal -> onResize.run());
            terminal.handle(Signal.INT, signal -> onInterrupt.run());
            screen.begin();
            return screen;
        } catch (RuntimeException | IOError failed) {
            screen.close();
            throw new IOException(failed.getMessage(), failed);
        }
    }

    /** What the library takes from nowhere else than the properties of this JVM, which is the command's own. */
    private static void configure() {
        QUIET.setLevel(Level.OFF);
        // Lines are characters here; else it switches to the line-drawing set of a VT100, which UTF-8 consoles lack.
        System.setProperty(TerminalBuilder.PROP_DISABLE_ALTERNATE_CHARSET, "true");
        // Else it sets the terminal once more after the first key, and may still be at it when that key was to quit.
        System.setProperty(TerminalBuilder.PROP_NON_BLOCKING_READS, "false");
    }

    private synchronized void begin() {
        terminal.enterRawMode();
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.puts(Capability.keypad_xmit);
        display.clear();
        terminal.flush();
    }

    /**
     * How much of the terminal can be used now. Its last column is left alone: what erasing the rest of a line does after a
     * character was written there, terminals disagree about.
     */
    Size size() {
        try {
            org.jline.terminal.Size said = terminal.getSize();
            Size size = Size.said(said.getRows(), said.getColumns());
            return new Size(size.rows(), Math.max(1, size.columns() - MARGIN));
        } catch (IOError terminalIsGone) {
            // The keyboard is gone too, which ends the view.
            return Size.said(0, 0);
        }
    }

    /** Shows these lines, as many as the size has rows; writes only what differs from what is shown. */
    synchronized void draw(List<Line> lines, Size size) {
        if (closed) {
            return;
        }
        int columns = size.columns() + MARGIN;
        if (display.getRows() != size.rows() || display.getColumns() != columns) {
            display.resize(org.jline.terminal.Size.of(columns, size.rows()));
            repaint();
        }
        if (lines.equals(shown)) {
            return;
        }
        List<AttributedString> styled = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            // A line that ends by itself, and not by reaching the margin, is written without tricks at the margin.
            boolean last = i == lines.size() - 1;
            styled.add(styled(lines.get(i), size.columns(), last ? "" : "\n"));
        }
        display.update(styled, 0);
        shown = lines;
    }

    /** What was drawn may be damaged: the next drawing writes everything. */
    synchronized void repaint() {
        display.clear();
        shown = List.of();
    }

    private AttributedString styled(Line line, int columns, String end) {
        AttributedStringBuilder text = new AttributedStringBuilder();
        for (Line.Span span : line.spans()) {
            AttributedStyle style = style(span.ink());
            text.styled(line.chosen() ? AttributedStyle.DEFAULT.inverse() : style, span.text());
        }
        // The library may take a character for wider than we do.
        return AttributedString.join(
                AttributedString.EMPTY, text.columnSubSequence(0, columns), new AttributedString(end));
    }

    private AttributedStyle style(Ink ink) {
        AttributedStyle plain = AttributedStyle.DEFAULT;
        return switch (ink) {
            case PLAIN -> plain;
            case BOLD -> plain.bold();
            case DIM -> plain.faint();
            case GREEN -> coloured ? plain.foreground(AttributedStyle.GREEN) : plain;
            case YELLOW -> coloured ? plain.foreground(AttributedStyle.YELLOW) : plain;
            case RED -> coloured ? plain.foreground(AttributedStyle.RED) : plain;
        };
    }

    /** Waits for a key; null when there is no more keyboard. Only for one thread. */
    @Nullable Key read() {
        try {
            Key key = reader.readBinding(keys);
            if (!key.equals(TYPED)) {
                return key;
            }
            String typed = reader.getLastBinding();
            return typed.isEmpty() ? Special.UNKNOWN : Key.of(typed.codePointAt(0));
        } catch (EndOfFileException | IOError closedOrGone) {
            return null;
        }
    }

    private static KeyMap<Key> keys(Terminal terminal) {
        KeyMap<Key> keys = new KeyMap<>();
        keys.setAmbiguousTimeout(ESCAPE_MILLIS);
        keys.setUnicode(TYPED);
        keys.setNomatch(Special.UNKNOWN);
        for (char character = ' '; character <= '~'; character++) {
            keys.bind(TYPED, String.valueOf(character));
        }
        bind(keys, Special.UP, terminal, Capability.key_up, "\u001b[A", "\u001bOA");
        bind(keys, Special.DOWN, terminal, Capability.key_down, "\u001b[B", "\u001bOB");
        bind(keys, Special.PAGE_UP, terminal, Capability.key_ppage, "\u001b[5~");
        bind(keys, Special.PAGE_DOWN, terminal, Capability.key_npage, "\u001b[6~");
        bind(keys, Special.HOME, terminal, Capability.key_home, "\u001b[H", "\u001bOH", "\u001b[1~", "\u001b[7~");
        bind(keys, Special.END, terminal, Capability.key_end, "\u001b[F", "\u001bOF", "\u001b[4~", "\u001b[8~");
        bind(keys, Special.BACKSPACE, terminal, Capability.key_backspace, "\u007f", "\b");
        keys.bind(Special.ENTER, "\r", "\n");
        keys.bind(Special.ESCAPE, "\u001b");
        keys.bind(Special.INTERRUPT, KeyMap.ctrl('C'));
        return keys;
    }

    private static void bind(KeyMap<Key> keys, Key key, Terminal terminal, Capability capability, String... sequences) {
        String own = KeyMap.key(terminal, capability);
        if (own != null && !own.isEmpty()) {
            keys.bind(key, own);
        }
        keys.bind(key, sequences);
    }

    /** Back to what was on the screen before, or, where the terminal cannot remember, an empty one. */
    private static String end(Terminal terminal) {
        String back = code(terminal, Capability.exit_ca_mode);
        return back.isEmpty() ? code(terminal, Capability.clear_screen) : back;
    }

    private static String code(Terminal terminal, Capability capability) {
        String text = terminal.getStringCapability(capability);
        return text == null ? "" : Curses.tputs(text);
    }

    /** Gives the terminal back as it was found. Idempotent. */
    @Override
    public void close() {
        giveBack();
        try {
            Runtime.getRuntime().removeShutdownHook(onShutdown);
        } catch (IllegalStateException endsAlready) {
            // The hook finds the terminal given back.
        }
    }

    private synchronized void giveBack() {
        if (closed) {
            return;
        }
        closed = true;
        sayGoodbye();
        try {
            terminal.close();
        } catch (IOException | RuntimeException | IOError terminalIsGone) {
            // There is nothing left to give back.
        }
    }

    /** Not through the terminal, which the library's own shutdown hook may have closed before. */
    private void sayGoodbye() {
        try {
            new FileOutputStream(FileDescriptor.out).write(goodbye);
        } catch (IOException terminalIsGone) {
            // There is nobody to see it.
        }
    }
}
