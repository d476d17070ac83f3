package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.ServiceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.Map;

/**
 * The variables that an environment file sets. The file is parsed and never executed. <em>Immutable.</em>
 *
 * <p>A line is {@code NAME=value} or {@code export NAME=value}, with blanks around either side, or a comment from {@code #}
 * on. Values are written as in a POSIX shell (XCU 2.2, 2.6): {@code 'literal'}; {@code "with $NAME"}, over several lines if
 * need be; or bare, with a backslash before what is special; pieces may touch ({@code a"b c"'d'}). {@code $NAME},
 * <code>${NAME}</code>, <code>${NAME:-default}</code> and <code>${NAME:+other}</code> (also without the colon) and a leading
 * {@code ~} look at earlier lines first, then at the base; what neither sets is empty. {@code export NAME} and
 * {@code set -a} are allowed and change nothing.
 *
 * <p>What is accepted means what {@code set -a; . file} makes of it, except that double quotes also know {@code \n},
 * {@code \t} and {@code \r}, and that blanks around {@code =} and CR LF line ends are allowed. What a shell would run, or read
 * in another way than its writer may think ({@code a b}, {@code a;b}, {@code $$}), is refused with file and line. No message
 * shows a value.
 */
public final class EnvFile {
    private final Map<String, String> variables;

    private final Map<String, Integer> lines;

    private EnvFile(Map<String, String> variables, Map<String, Integer> lines) {
        this.variables = Collections.unmodifiableMap(variables);
        this.lines = Map.copyOf(lines);
    }

    /**
     * The variables of a file in UTF-8 with at most 1 MiB.
     *
     * @param file a regular file, or a link to one
     * @param base what the file may refer to, usually the environment of the caller
     * @throws ServiceException if the file is missing, no file or unreadable ({@link Reason#MISSING_FILE}), or if it is not
     *     well formed ({@link Reason#INVALID}, with {@code file:line})
     */
    public static EnvFile read(Path file, Map<String, String> base) {
        Path absolute = file.toAbsolutePath();
        byte[] bytes = bytes(absolute);
        if (bytes.length > EnvFileParser.LIMIT) {
            throw tooLarge(absolute.toString());
        }
        return parse(absolute.toString(), decode(absolute, bytes), base);
    }

    /**
     * The variables of a text of at most 1 Mi characters.
     *
     * @param name what messages call the text: {@code name:line}
     * @param text the content; a byte order mark before it is passed over, and so is the CR of a CR LF outside quotes
     * @param base what the text may refer to, usually the environment of the caller
     * @throws ServiceException if the text is not well formed ({@link Reason#INVALID}, with {@code name:line})
     */
    public static EnvFile parse(String name, String text, Map<String, String> base) {
        requireNonNull(name, "name");
        requireNonNull(base, "base");
        if (text.length() > EnvFileParser.LIMIT) {
            throw tooLarge(name);
        }
        EnvFileParser parser = new EnvFileParser(name, text, base);
        return new EnvFile(parser.parse(), parser.lines());
    }

    /** What the file sets, in the order of the first line for each name; of several values for a name, the last. */
    public Map<String, String> variables() {
        return variables;
    }

    /** For each variable the line, from 1 on, on which it got its value. */
    public Map<String, Integer> lines() {
        return lines;
    }

    private static byte[] bytes(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw missing("environment file is a directory: " + file + "; name a file in it");
            }
            if (!attributes.isRegularFile()) {
                throw missing("environment file is no regular file: " + file + "; it is read again at each start");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(EnvFileParser.LIMIT + 1);
            }
        } catch (NoSuchFileException e) {
            throw missing("environment file not found: " + file + "; create it, or name another");
        } catch (AccessDeniedException e) {
            throw missing("environment file cannot be read: " + file + ": permission denied");
        } catch (IOException e) {
            String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
            throw missing("environment file cannot be read: " + file + ": " + reason);
        }
    }

    private static String decode(Path file, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw invalid(file + ":" + line + ": not UTF-8; save the file in that encoding");
        }
        return out.flip().toString();
    }

    private static ServiceException tooLarge(String name) {
        return invalid(name + " is larger than 1 MiB; no environment is");
    }

    private static ServiceException invalid(String message) {
        return new ServiceException(Reason.INVALID, message);
    }

    private static ServiceException missing(String message) {
        return new ServiceException(Reason.MISSING_FILE, message);
    }
}
