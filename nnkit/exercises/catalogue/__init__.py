"""The exercises of the course: declarations only. One exercise, one file, found by its name (see `exercises.index`).

`withheld` names what answers may not call, `draws` how numbers are drawn, `families` the mistakes that recur from
exercise to exercise, `signs` by what wrong values are known whatever number a student chose.
"""
