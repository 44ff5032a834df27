"""The seed page, “SAM Segmentation & Tracking”, followed word for word in a real Chromium.

``page.py`` has what the page says: its headings, and below each its numbered instructions, tips and notes.
A test follows a heading ``with following("…") as says`` and names each sentence as it does what it says;
``test_headings.py`` fails for a heading that no test follows, and a test for a sentence it leaves out.

===================== ==================================================================================
file                  follows
===================== ==================================================================================
``test_segmenting``   Segmentation, on a drawn film, answered by a real worker without weights
``test_all``          Label All Objects, Label One Or More Objects
``test_tracking``     Tracking from the popup, menus, rows and the drawer, and its settings
``test_real_film``    the way of the page on a real film, from a box around a car to redo
``test_availability`` both tables of availability, on the page and by the API, with the reasons
===================== ==================================================================================
"""
