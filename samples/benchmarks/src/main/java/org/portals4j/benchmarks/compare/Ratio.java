package org.portals4j.benchmarks.compare;

import java.util.Arrays;

/**
 * The medians of both sides over all rounds, and the median of the paired ratios with its 95 %
 * confidence interval by order statistics: it supposes nothing about the distribution. With fewer
 * than six rounds there is no such interval and the extremes stand in.
 *
 * @param ours median
 * @param raw median
 * @param ratio median of ours/raw, round by round
 * @param low lower end of its interval
 * @param high upper end of its interval
 */
record Ratio(double ours, double raw, double ratio, double low, double high) {
    private static final double TAIL = 0.025;

    static Ratio of(final double[] ours, final double[] raw) {
        final double[] ratios = new double[ours.length];
        Arrays.setAll(ratios, i -> ours[i] / raw[i]);
        Arrays.sort(ratios);
        final int rank = lowerRank(ratios.length);
        return new Ratio(
                median(ours),
                median(raw),
                median(ratios),
                ratios[rank],
                ratios[ratios.length - 1 - rank]);
    }

    static double median(final double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /**
     * Where the interval begins: the largest k for which n throws of a fair coin show at most k
     * heads with a chance of no more than 2.5 %. By symmetry it ends at n - 1 - k.
     *
     * @param n the number of rounds
     * @return an index into the sorted ratios
     */
    static int lowerRank(final int n) {
        double term = Math.pow(0.5, n);
        double sum = term;
        int k = 0;
        while (sum <= TAIL && k < n / 2) {
            k++;
            term *= (double) (n - k + 1) / k;
            sum += term;
        }
        return Math.max(0, k - 1);
    }
}
