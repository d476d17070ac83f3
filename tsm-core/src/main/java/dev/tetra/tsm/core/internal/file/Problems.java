package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.file.Node.Mark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with a file, collected so that all of it is said at once. <em>For one thread at a time.</em> */
final class Problems {
    private static final int MOST_SHOWN = 20;
    private static final int LONGEST = 400;

    private final String file;
    // A set: what an alias repeats is wrong once.
    private final Set<Problem> all = new LinkedHashSet<>();

    Problems(String file) {
        this.file = file;
    }

    private record Problem(Mark mark, String what) implements Comparable<Problem> {
        @Override
        public int compareTo(Problem other) {
            return mark.compareTo(other.mark);
        }
    }

    void add(Mark mark, String what) {
        all.add(new Problem(mark, what));
    }

    /** Ends the reading at once. */
    ServiceException fatal(Mark mark, String what) {
        return new ServiceException(Reason.INVALID, sentence(new Problem(mark, what)));
    }

    /** @throws ServiceException if there are any: the first in the file, the others as its details */
    void throwAny() {
        if (all.isEmpty()) {
            return;
        }
        List<Problem> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        List<String> others = new ArrayList<>();
        for (int i = 1; i < Math.min(sorted.size(), MOST_SHOWN); i++) {
            others.add(sentence(sorted.get(i)));
        }
        if (sorted.size() > MOST_SHOWN) {
            others.add("and " + (sorted.size() - MOST_SHOWN) + " more");
        }
        throw new ServiceException(Reason.INVALID, sentence(sorted.get(0)), others);
    }

    private String sentence(Problem problem) {
        String place = problem.mark().equals(Mark.NOWHERE) ? "" : ":" + problem.mark();
        return shown(file + place + ": " + problem.what());
    }

    /** Without control characters, which a terminal would obey, and of bounded length. */
    private static String shown(String text) {
        String cut = text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST - 100) + "…" + text.substring(text.length() - 99);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < cut.length(); i++) {
            shown.append(Character.isISOControl(cut.charAt(i)) ? '?' : cut.charAt(i));
        }
        return shown.toString();
    }
}
