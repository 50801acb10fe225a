SELECT E.ID, Http_Status FROM Unified_Events AS E WHERE e.NS = 'x' ORDER BY HTTP_STATUS;
