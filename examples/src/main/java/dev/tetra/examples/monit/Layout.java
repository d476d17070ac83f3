package dev.tetra.examples.monit;

/**
 * How many lines of the screen each part gets; together they are all of them. <em>Immutable.</em>
 *
 * @param head 1 for the line about all services, or 0
 * @param titles 1 for the titles of the columns, or 0
 * @param table the services, or what stands in their place
 * @param rule 1 for the line about the chosen service, or 0
 * @param log its log
 * @param bottom 1 for keys and messages, or 0
 */
record Layout(int head, int titles, int table, int rule, int log, int bottom) {
    private static final int LEAST_WITH_LOG = 6;
    private static final int LEAST_LOG = 2;

    /** The layout of a screen with so many lines and services. */
    static Layout of(int rows, int services, Mode mode) {
        int bottom = rows > 1 ? 1 : 0;
        int head = rows > 2 ? 1 : 0;
        int rest = rows - bottom - head;
        if (mode == Mode.HELP) {
            return new Layout(head, 0, rest, 0, 0, bottom);
        }
        if (mode == Mode.LOG) {
            int rule = rest > 1 ? 1 : 0;
            return new Layout(head, 0, 0, rule, rest - rule, bottom);
        }
        int titles = rest > 1 ? 1 : 0;
        rest -= titles;
        if (rest < LEAST_WITH_LOG) {
            return new Layout(head, titles, rest, 0, 0, bottom);
        }
        int most = rest - 1 - Math.max(LEAST_LOG, rest * 2 / 5);
        int table = Math.min(Math.max(1, services), most);
        return new Layout(head, titles, table, 1, rest - 1 - table, bottom);
    }
}
